package io.sluice.fetcher.http;

import io.netty.buffer.ByteBuf;
import io.sluice.core.message.Body;
import java.util.Arrays;

/**
 * Gathers a body up to a bound. It takes memory as bytes arrive, not as a server announces them: a
 * promise of ten megabytes followed by silence costs what is free, unless memory for all of it was
 * claimed.
 *
 * <p>Confined to its connection's event loop.
 */
final class BodyBuffer {
  private static final int UNANNOUNCED_BYTES = 8 * 1024;

  private final long maxBytes;
  private final long announcedBytes;
  private byte[] bytes;
  private int size;

  /**
   * A buffer for one body.
   *
   * @param maxBytes what to keep at most
   * @param announcedBytes the length that the head announces; negative where it does not
   * @param freeBytes an announced length up to this is believed, so that the body is copied once
   */
  BodyBuffer(long maxBytes, long announcedBytes, long freeBytes) {
    this.maxBytes = Math.min(maxBytes, Integer.MAX_VALUE - 8);
    this.announcedBytes = announcedBytes;
    long first = announcedBytes < 0 ? UNANNOUNCED_BYTES : Math.min(announcedBytes, freeBytes);
    this.bytes = new byte[(int) Math.min(first, this.maxBytes)];
  }

  /**
   * Copies what fits; the buffer stays the caller's.
   *
   * @return whether everything fitted
   */
  boolean append(ByteBuf more) {
    int taken = (int) Math.min(more.readableBytes(), maxBytes - size);
    if (size + taken > bytes.length) {
      long doubled = Math.max((long) size + taken, 2L * bytes.length);
      bytes = Arrays.copyOf(bytes, (int) Math.min(doubled, maxBytes));
    }
    boolean whole = taken == more.readableBytes();
    more.readBytes(bytes, size, taken);
    size += taken;
    return whole;
  }

  /** What it may become at most. */
  long expected() {
    return announcedBytes < 0 ? maxBytes : Math.min(announcedBytes, maxBytes);
  }

  /** There is memory for all that was announced: it is taken at once, and nothing copied again. */
  void trust() {
    if (announcedBytes >= 0 && expected() > bytes.length) {
      bytes = Arrays.copyOf(bytes, (int) expected());
    }
  }

  /** Bytes gathered so far. */
  int size() {
    return size;
  }

  /** What was gathered; the buffer is spent. */
  Body body() {
    return Body.of(size == bytes.length ? bytes : Arrays.copyOf(bytes, size));
  }
}
