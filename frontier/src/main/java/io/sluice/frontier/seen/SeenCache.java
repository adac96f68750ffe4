package io.sluice.frontier.seen;

/**
 * Fingerprints found in a run of late, so that the links which every page of a site carries are not
 * looked up again: a table of {@value #ENTRIES}, 512 KiB, in which a fingerprint has one place and
 * takes it from its predecessor. No memory is taken before the first. Confined to its shard's
 * thread.
 */
final class SeenCache {

  private static final int ENTRIES = 1 << 16;

  /** 0 where nothing is; so the fingerprint 0 is never kept. */
  private long[] keys = new long[1];

  void put(long key) {
    if (keys.length == 1) {
      keys = new long[ENTRIES];
    }
    keys[slot(key)] = key;
  }

  /** True only if the key was put. */
  boolean contains(long key) {
    return keys[slot(key)] == key && key != 0;
  }

  private int slot(long key) {
    return (int) key & keys.length - 1;
  }

  long memoryBytes() {
    return (long) keys.length * Long.BYTES;
  }
}
