package io.sluice.parser.worker;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * A worker's current page and its start, for the watchdog. Written by the worker's thread, read by
 * the watchdog's.
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
   * Notes that the page is done.
   *
   * @return how long the page took, in nanoseconds
   */
  long end() {
    url = IDLE;
    return nanoTime.getAsLong() - sinceNanos;
  }

  /**
   * Whether the current page has taken longer than {@code limitNanos}. Always reads the clock,
   * which must be read regularly.
   */
  boolean overdue(long limitNanos) {
    long takenNanos = nanoTime.getAsLong() - sinceNanos;
    return takenNanos > limitNanos && !url.equals(IDLE);
  }

  /** The current page and how long it has taken so far. */
  @Override
  public String toString() {
    long millis = TimeUnit.NANOSECONDS.toMillis(nanoTime.getAsLong() - sinceNanos);
    return url + " for " + millis + " ms";
  }
}
