package io.sluice.frontier.credit;

import java.util.concurrent.TimeUnit;

/**
 * How many concurrent visits of one kind were recently wanted: the maximum number in progress or
 * requested within the current time window and the one before it. Demand thus rises at once, and
 * falls after at most two windows. Guarded by the credit's monitor.
 */
final class Demand {

  static final long WINDOW_NANOS = TimeUnit.SECONDS.toNanos(10);

  private int now;
  private int before;
  private boolean begun;
  private long windowBeganNanos;

  /** Records that {@code visits} are in progress or requested. */
  void observe(int visits, long nowNanos) {
    turnWindow(visits, nowNanos);
    now = Math.max(now, visits);
  }

  private void turnWindow(int visits, long nowNanos) {
    long since = nowNanos - windowBeganNanos;
    if (begun && since < WINDOW_NANOS) {
      return;
    }
    before = begun && since < 2 * WINDOW_NANOS ? now : visits;
    now = visits;
    begun = true;
    windowBeganNanos = nowNanos;
  }

  int recent() {
    return Math.max(now, before);
  }
}
