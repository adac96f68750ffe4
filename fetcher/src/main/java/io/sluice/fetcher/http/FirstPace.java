package io.sluice.fetcher.http;

/**
 * Minimum pace of a response from a host that has never given a good answer: each stretch of {@link
 * #STRETCH_BYTES}, or the end of the response, must arrive within the time that the host had for
 * its first byte. A host that sends a byte a second therefore holds its place only a little longer
 * than a silent one. Times are nanoseconds of the lane's clock. Confined to its connection's event
 * loop.
 */
final class FirstPace {

  /** Length of a stretch, in bytes: longer than the heads of most responses. */
  static final int STRETCH_BYTES = 4 << 10;

  private final long patienceNanos;
  private long stretchBytes;
  private long sinceNanos;

  /**
   * Starts when the first byte of a response is about to be read.
   *
   * @param patienceNanos maximum time for each stretch; {@link Long#MAX_VALUE} if the pace does not
   *     matter
   */
  FirstPace(long patienceNanos, long nowNanos) {
    this.patienceNanos = patienceNanos;
    this.sinceNanos = nowNanos;
  }

  /** Records that bytes were read. */
  void read(int bytes, long nowNanos) {
    stretchBytes += bytes;
    if (stretchBytes >= STRETCH_BYTES) {
      restart(nowNanos);
    }
  }

  /**
   * Restarts the stretch after a time in which nothing was read for reasons other than the host.
   */
  void restart(long nowNanos) {
    stretchBytes = 0;
    sinceNanos = nowNanos;
  }

  /** Remaining time of the current stretch; 0 or less if none is left. */
  long leftNanos(long nowNanos) {
    return patienceNanos == Long.MAX_VALUE
        ? Long.MAX_VALUE
        : patienceNanos - (nowNanos - sinceNanos);
  }
}
