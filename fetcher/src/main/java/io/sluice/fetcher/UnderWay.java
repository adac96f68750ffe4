package io.sluice.fetcher;

import io.sluice.core.lease.Lease;
import io.sluice.core.lifecycle.Deadline;
import io.sluice.core.lifecycle.LeaseSums.ForcedLease;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Counts the leases that the fetcher has, from their taking until they are settled or handed over.
 *
 * <p>Thread-safe: one monitor, held for nothing but counting.
 */
final class UnderWay {
  private final List<ForcedLease> cut = new ArrayList<>();
  private int count;
  private boolean stopping;

  synchronized void begin() {
    count++;
  }

  synchronized void end() {
    count--;
    if (count == 0) {
      notifyAll();
    }
  }

  /** A lease's request was on the wire when it was given back. */
  synchronized void cut(Lease lease) {
    cut.add(new ForcedLease(lease.id().toString(), lease.url().href()));
  }

  /** The leases that were cut so far. */
  synchronized List<ForcedLease> cutLeases() {
    return List.copyOf(cut);
  }

  synchronized int count() {
    return count;
  }

  /** Nothing is taken any more. */
  synchronized void stop() {
    stopping = true;
  }

  synchronized boolean stopping() {
    return stopping;
  }

  /** Waits until there is none, or the deadline. Interruption ends the wait and stays set. */
  synchronized void awaitNone(Deadline deadline) {
    try {
      while (count > 0 && !deadline.passed()) {
        Duration left = deadline.left();
        wait(Math.max(1, left.toMillis()));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
