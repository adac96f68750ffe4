package io.sluice.frontier.seen;

/**
 * Tells most fingerprints that a run does not hold: a Bloom filter of {@value #KEYS_PER_BLOCK} keys
 * for each block of 512 bits, 8 bits a key, which is wrong about 2.3 % of the absent ones. A key's
 * bits are in one block, a cache line, which is chosen by the key's upper bits: who goes through
 * keys in their order goes through memory in its order. Not thread-safe; may be handed to another
 * thread when it is filled.
 */
final class KeyFilter {

  private static final int KEYS_PER_BLOCK = 64;
  private static final int WORDS_PER_BLOCK = 8;

  /** The best of 3 to 7 for this size, by trial. */
  private static final int BITS_PER_KEY = 5;

  /** Spreads what is left of a key within its block: 2^64 divided by the golden ratio. */
  private static final long SPREAD = 0x9E3779B97F4A7C15L;

  private final int blocks;
  private final long[] words;

  /** An empty filter for so many keys; more than those make it wrong more often. */
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

  /** False if the key was not added; true if it was, and now and then if it was not. */
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

  /** The size of a filter for so many keys. */
  static long bytes(long keys) {
    return (long) blocks(keys) * WORDS_PER_BLOCK * Long.BYTES;
  }

  private static int blocks(long keys) {
    return Math.toIntExact(keys / KEYS_PER_BLOCK + 1);
  }

  /** Where a key belongs among {@code parts} equal parts of all signed numbers. */
  static int place(long key, int parts) {
    return (int) ((((key ^ Long.MIN_VALUE) >>> 32) * parts) >>> 32);
  }
}
