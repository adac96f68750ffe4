package io.sluice.frontier.seen;

import it.unimi.dsi.fastutil.longs.LongIterator;
import it.unimi.dsi.fastutil.longs.LongOpenHashSet;

/** The fingerprints of a shard, in memory: 11 to 22 bytes each. Confined to its shard's thread. */
public final class SeenSet {

  private final LongOpenHashSet fingerprints = new LongOpenHashSet();

  /** Adds a fingerprint; false if it was there. */
  public boolean add(long fingerprint) {
    return fingerprints.add(fingerprint);
  }

  /** Whether a fingerprint is there. */
  public boolean contains(long fingerprint) {
    return fingerprints.contains(fingerprint);
  }

  /** How many there are. */
  public int size() {
    return fingerprints.size();
  }

  /** All of them, in no order. */
  public LongIterator iterator() {
    return fingerprints.iterator();
  }
}
