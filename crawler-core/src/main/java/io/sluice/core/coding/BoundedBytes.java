package io.sluice.core.coding;

import java.util.Arrays;

/**
 * A growing byte buffer with an upper bound, reused for page after page. It keeps at most its bound
 * and remembers whether there was more. Confined to its owner's thread.
 */
final class BoundedBytes {

  private static final int INITIAL = 64 << 10;

  /** Maximum length of an array that is kept for the next page, in bytes. */
  private static final int KEPT = 4 << 20;

  private final int limit;
  private byte[] bytes;
  private int size;

  /**
   * @param limit maximum number of bytes kept, below 2 GiB - 9
   */
  BoundedBytes(int limit) {
    this.limit = limit;
    this.bytes = new byte[Math.min(INITIAL, limit + 1)];
  }

  /** Clears the content. */
  void clear() {
    if (bytes.length > KEPT) {
      bytes = new byte[Math.min(INITIAL, limit + 1)];
    }
    size = 0;
  }

  /**
   * How many bytes may be written at {@link #end} of {@link #array}; grows the array when it is
   * full. One byte beyond the bound is accepted, to detect that there was more; after that this is
   * 0.
   */
  int room() {
    if (size == bytes.length && size <= limit) {
      bytes = Arrays.copyOf(bytes, (int) Math.min(2L * size, limit + 1L));
    }
    return bytes.length - size;
  }

  byte[] array() {
    return bytes;
  }

  /** Where the next byte goes. */
  int end() {
    return size;
  }

  /** Notes that {@code count} bytes were written at {@link #end}. */
  void advance(int count) {
    size += count;
  }

  /** How many bytes are kept. */
  int size() {
    return Math.min(size, limit);
  }

  /** Whether bytes beyond the bound were dropped. */
  boolean cut() {
    return size > limit;
  }
}
