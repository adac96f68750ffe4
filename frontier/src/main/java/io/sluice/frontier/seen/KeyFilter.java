package io.sluice.frontier.seen;

/**
 * Recognises most fingerprints that a run does not contain: a Bloom filter with {@value
 * #KEYS_PER_BLOCK} keys per block of 512 bits, that is 8 bits per key, with about 2.3 % false
 * positives. All bits of a key are in one block, a cache line, selected by the key's upper bits, so
 * that sorted keys access memory sequentially. Not thread-safe; may be handed to another thread
 * once it is filled.
 */
final class KeyFilter {

  private static final int KEYS_PER_BLOCK = 64;
  private static final int WORDS_PER_BLOCK = 8;

  /** Bits set per key; measured to be the best value from 3 to 7 for this size. */
  private static final int BITS_PER_KEY = 5;

  /** Spreads the remaining bits of a key within its block: 2^64 divided by the golden ratio. */
  private static final long SPREAD = 0x9E3779B97F4A7C15L;

  private final int blocks;
  private final long[] words;

  /** Creates an empty filter for {@code keys} keys; with more keys it has more false positives. */
  KeyFilter(long keys) {
    blocks = blocks(keys);
    words = new long[Math.multiplyExact(blocks, WORDS_PER_BLOCK)];
  }

  void add(long key) {
    int block = place(key, blocks) * WORDS_PER_BLOCK;
    long bits = key * SPREAD;
    for (int i = 0; i < BITS_PER_KEY; i++) {
      words[block + (int) (bits >>> 61)] |= 1L << (bits >>> 55);
      bits <<= 9;
    }
  }

  /** False if the key was not added; true if it was, and occasionally if it was not. */
  boolean mayContain(long key) {
    int block = place(key, blocks) * WORDS_PER_BLOCK;
    long bits = key * SPREAD;
    for (int i = 0; i < BITS_PER_KEY; i++) {
      if ((words[block + (int) (bits >>> 61)] & 1L << (bits >>> 55)) == 0) {
        return false;
      }
      bits <<= 9;
    }
    return true;
  }

  /** The size of a filter for {@code keys} keys, in bytes. */
  static long bytes(long keys) {
    return (long) blocks(keys) * WORDS_PER_BLOCK * Long.BYTES;
  }

  private static int blocks(long keys) {
    return Math.toIntExact(keys / KEYS_PER_BLOCK + 1);
  }

  /**
   * The index of the interval that contains a key, when all signed 64-bit numbers are divided into
   * {@code parts} equal intervals.
   */
  static int place(long key, int parts) {
    return (int) ((((key ^ Long.MIN_VALUE) >>> 32) * parts) >>> 32);
  }
}
