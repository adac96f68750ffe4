package io.sluice.frontier.hold;

/**
 * How long a crawl has run, over all of its runs; patience with hosts is measured in it. It stands
 * still between runs, while the whole crawl is held, and, except for {@link #LONGEST_STEP_NANOS},
 * while the process is stopped or the machine asleep. So it must be {@linkplain #advance advanced}
 * at least that often. Confined to its shard's thread.
 */
public final class CrawlTime {

  /** Maximum time that one {@link #advance} counts. */
  public static final long LONGEST_STEP_NANOS = 5_000_000_000L;

  private static final long NANOS_PER_MILLI = 1_000_000;

  private long nanos;
  private long lastNanos;

  /** Continues the time of earlier runs. */
  public CrawlTime(long formerMillis, long nowNanos) {
    this.nanos = formerMillis * NANOS_PER_MILLI;
    this.lastNanos = nowNanos;
  }

  /** Counts the time since the last call. */
  public void advance(long nowNanos, boolean crawlHeld) {
    long step = Math.min(nowNanos - lastNanos, LONGEST_STEP_NANOS);
    lastNanos = nowNanos;
    if (!crawlHeld && step > 0) {
      nanos += step;
    }
  }

  /** The time so far. */
  public long millis() {
    return nanos / NANOS_PER_MILLI;
  }
}
