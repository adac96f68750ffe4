package io.sluice.fetcher;

import io.sluice.core.lease.Lease;
import io.sluice.core.lease.Visit;
import io.sluice.fetcher.http.BodyMemory;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A lease while the fetcher has it, and what its visit learns about the host.
 *
 * <p>Confined to its host's lane.
 */
final class Visiting {
  private final Lease lease;
  private final long startedNanos;
  private final long deadlineNanos;
  private @Nullable Duration crawlDelay;
  private boolean touchedHost;
  private long responseNanos;

  /** Written before the page is handed over, read after: the stage between them orders both. */
  private @Nullable BodyMemory held;

  Visiting(Lease lease, long startedNanos, long totalNanos) {
    this.lease = lease;
    this.startedNanos = startedNanos;
    this.deadlineNanos = startedNanos + totalNanos;
  }

  Lease lease() {
    return lease;
  }

  long startedNanos() {
    return startedNanos;
  }

  /** When {@code fetcher.timeouts.total} is over, by {@link System#nanoTime}. */
  long deadlineNanos() {
    return deadlineNanos;
  }

  void crawlDelay(@Nullable Duration stated) {
    crawlDelay = stated;
  }

  void touchedHost(boolean touched) {
    touchedHost |= touched;
  }

  boolean touchedHost() {
    return touchedHost;
  }

  /** The visit holds a response's body from now on. */
  void holds(BodyMemory memory) {
    held = memory;
  }

  /** The page was handed over, or is not wanted. May be called on any thread. */
  void letGo() {
    BodyMemory memory = held;
    if (memory != null) {
      memory.release();
    }
  }

  /** The page's response has ended, so long after its request was made. */
  void responseNanos(long nanos) {
    responseNanos = nanos;
  }

  /**
   * What the frontier hears of the visit.
   *
   * @param troubled whether its outcome shows trouble, which is the host's if the host was asked
   */
  Visit asVisit(@Nullable Duration retryAfter, boolean troubled) {
    return crawlDelay == null && retryAfter == null && !touchedHost
        ? Visit.UNREQUESTED
        : new Visit(
            crawlDelay,
            retryAfter,
            touchedHost,
            Duration.ofNanos(responseNanos),
            troubled && touchedHost);
  }
}
