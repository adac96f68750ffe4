package io.sluice.frontier.seen;

/**
 * Fingerprints recently found in a run, which saves repeated lookups of links that are on every
 * page of a site: a table of {@value #ENTRIES} entries, 512 KiB, in which each fingerprint has one
 * slot and overwrites the previous entry there. Allocated with the first entry. Confined to its
 * shard's thread.
 */
final class SeenCache {

  private static final int ENTRIES = 1 << 16;

  /** The slots; 0 for an empty one, so that the fingerprint 0 is never cached. */
  private long[] keys = new long[1];

  void put(long key) {
    if (keys.length == 1) {
      keys = new long[ENTRIES];
    }
    keys[slot(key)] = key;
  }

  /** Whether the key is cached; never true for a key that was not put. */
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
