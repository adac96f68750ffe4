package io.sluice.frontier.seen;

import it.unimi.dsi.fastutil.HashCommon;
import java.util.Arrays;

/**
 * The results of looking up a batch of fingerprints in the runs: a hash table of about 9 bytes per
 * slot and two to four slots per fingerprint. Confined to its shard's thread.
 */
final class Answers {

  private static final byte NONE = 0;
  private static final byte NEW = 1;
  private static final byte SEEN = 2;

  private long[] keys = new long[1];
  private byte[] answers = new byte[1];

  /** Index mask: the slots in use are {@code 0} to {@code mask}. */
  private int mask;

  /** Clears the table and sizes it for {@code expected} entries. */
  void clear(int expected) {
    int slots = HashCommon.nextPowerOfTwo(2 * expected + 1);
    if (slots > keys.length) {
      keys = new long[slots];
      answers = new byte[slots];
    } else {
      Arrays.fill(answers, 0, slots, NONE);
    }
    mask = slots - 1;
  }

  /** Stores an answer. Call this at most {@code expected} times after {@link #clear}. */
  void put(long key, boolean seen) {
    int slot = slotOf(key);
    keys[slot] = key;
    answers[slot] = seen ? SEEN : NEW;
  }

  /** The slot of the answer, for {@link #seen}; -1 if there is none. */
  int find(long key) {
    int slot = slotOf(key);
    return answers[slot] == NONE ? -1 : slot;
  }

  boolean seen(int slot) {
    return answers[slot] == SEEN;
  }

  private int slotOf(long key) {
    int slot = (int) HashCommon.mix(key) & mask;
    while (answers[slot] != NONE && keys[slot] != key) {
      slot = slot + 1 & mask;
    }
    return slot;
  }

  long memoryBytes() {
    return keys.length * (Long.BYTES + 1L);
  }
}
