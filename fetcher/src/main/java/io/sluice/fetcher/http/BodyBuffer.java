package io.sluice.fetcher.http;

import io.netty.buffer.ByteBuf;
import io.sluice.core.message.Body;
import java.util.Arrays;

/**
 * Gathers a body up to a bound. It allocates memory as bytes arrive, not as a server announces
 * them: a server that announces ten megabytes and falls silent costs only the part that needs no
 * claim, unless memory for the whole body was claimed.
 *
 * <p>Confined to its connection's event loop.
 */
final class BodyBuffer {
  private static final int UNANNOUNCED_BYTES = 8 * 1024;

  /**
   * Each claim is for at least this many times the previous one, so that even a long body makes few
   * claims.
   */
  private static final int STEP = 4;

  private final long maxBytes;
  private final long announcedBytes;

  /** Length up to which the body needs no further claim, in bytes. */
  private long grantedBytes;

  private byte[] bytes;
  private int size;

  /**
   * Creates a buffer for one body.
   *
   * @param maxBytes maximum number of bytes to keep
   * @param announcedBytes the Content-Length; negative if unknown
   * @param freeBytes length up to which the body needs no claim; a body announced as no longer than
   *     this gets its whole array at once, so that it is copied only once
   */
  BodyBuffer(long maxBytes, long announcedBytes, long freeBytes) {
    this.maxBytes = Math.min(maxBytes, Integer.MAX_VALUE - 8);
    this.announcedBytes = announcedBytes;
    this.grantedBytes = freeBytes;
    long first = announcedBytes < 0 ? UNANNOUNCED_BYTES : Math.min(announcedBytes, freeBytes);
    this.bytes = new byte[(int) Math.min(first, this.maxBytes)];
  }

  /**
   * Copies as many bytes as fit. The caller keeps ownership of {@code more}.
   *
   * @return whether everything fitted
   */
  boolean append(ByteBuf more) {
    int taken = (int) Math.min(more.readableBytes(), maxBytes - size);
    if (size + taken > bytes.length) {
      long doubled = Math.max((long) size + taken, Math.min(2L * bytes.length, grantedBytes));
      bytes = Arrays.copyOf(bytes, (int) Math.min(doubled, maxBytes));
    }
    boolean whole = taken == more.readableBytes();
    more.readBytes(bytes, size, taken);
    size += taken;
    return whole;
  }

  /** Whether the body is longer than what was granted; if so, claim {@link #nextStep}. */
  boolean outgrown() {
    return size > grantedBytes;
  }

  /** Number of bytes by which the body exceeds what was granted. */
  long excess() {
    return size - grantedBytes;
  }

  private long nextLength() {
    return announcedBytes < 0
        ? Math.min(maxBytes, Math.max(STEP * grantedBytes, 2L * size))
        : Math.min(maxBytes, announcedBytes);
  }

  private int copies() {
    return announcedBytes < 0 ? BodyClaims.GROWING_COPIES : 1;
  }

  /** How much memory to claim next, in bytes, including what the body already has. */
  long nextStep() {
    return copies() * nextLength();
  }

  /** The largest claim that the body may ever need, in bytes. */
  long mostSteps() {
    return announcedBytes < 0 ? copies() * maxBytes : nextStep();
  }

  /**
   * Records that the next step was granted. If a length was announced, the whole buffer is
   * allocated.
   */
  void grow() {
    grantedBytes = nextLength();
    if (announcedBytes >= 0 && grantedBytes > bytes.length) {
      bytes = Arrays.copyOf(bytes, (int) grantedBytes);
    }
  }

  /** Bytes gathered so far. */
  int size() {
    return size;
  }

  /** A copy of the first bytes gathered, at most {@code most} of them. */
  Body beginning(int most) {
    return Body.of(Arrays.copyOf(bytes, Math.min(size, most)));
  }

  /** The body; the buffer cannot be used afterwards. */
  Body body() {
    return Body.of(size == bytes.length ? bytes : Arrays.copyOf(bytes, size));
  }
}
