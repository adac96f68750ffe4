package io.sluice.parser.decode;

import java.util.Arrays;

/**
 * A growing byte buffer with an upper bound, used again for page after page. It keeps at most its
 * bound and remembers whether there was more. Confined to its owner's thread.
 */
final class BoundedBytes {

  private static final int INITIAL = 64 << 10;

  /** An array longer than this is not kept for the next page. */
  private static final int KEPT = 4 << 20;

  private final int limit;
  private byte[] bytes;
  private int size;

  /**
   * @param limit how many bytes are kept, below 2 GiB - 9
   */
  BoundedBytes(int limit) {
    this.limit = limit;
    this.bytes = new byte[Math.min(INITIAL, limit + 1)];
  }

  /** Forgets the content. */
  void clear() {
    if (bytes.length > KEPT) {
      bytes = new byte[Math.min(INITIAL, limit + 1)];
    }
    size = 0;
  }

  /**
   * How many bytes may be written at {@link #end} of {@link #array}; grows the array when it is
   * full. One byte more than the bound is taken, which tells that there was more; then it is 0.
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

  /** Says that {@code count} bytes were written at {@link #end}. */
  void advance(int count) {
    size += count;
  }

  /** How many bytes are kept. */
  int size() {
    return Math.min(size, limit);
  }

  /** Whether there was more than the bound. */
  boolean cut() {
    return size > limit;
  }
}
