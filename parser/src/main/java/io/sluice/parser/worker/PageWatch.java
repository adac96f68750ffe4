package io.sluice.parser.worker;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * What a worker is doing, for the watchdog to see. Written by the worker's thread, read by the
 * watchdog's.
 */
final class PageWatch {

  private static final String IDLE = "";

  private final LongSupplier nanoTime;
  private volatile String url = IDLE;
  private volatile long sinceNanos;

  PageWatch(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  void begin(String page) {
    sinceNanos = nanoTime.getAsLong();
    url = page;
  }

  /**
   * The page is done.
   *
   * @return how long it took
   */
  long end() {
    url = IDLE;
    return nanoTime.getAsLong() - sinceNanos;
  }

  /** Whether the page in hand takes longer than that. */
  boolean overdue(long limitNanos) {
    return !url.equals(IDLE) && nanoTime.getAsLong() - sinceNanos > limitNanos;
  }

  /** The page in hand and how long it takes by now. */
  @Override
  public String toString() {
    long millis = TimeUnit.NANOSECONDS.toMillis(nanoTime.getAsLong() - sinceNanos);
    return url + " for " + millis + " ms";
  }
}
