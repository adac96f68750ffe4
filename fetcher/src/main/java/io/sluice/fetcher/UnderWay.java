package io.sluice.fetcher;

import io.sluice.core.lease.LeaseId;
import io.sluice.core.lifecycle.Deadline;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Counts the leases that the fetcher has, from their taking until they are settled or handed over.
 *
 * <p>Thread-safe: one monitor, held for nothing but counting.
 */
final class UnderWay {
  private final List<LeaseId> cut = new ArrayList<>();
  private int count;

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
  synchronized void cut(LeaseId lease) {
    cut.add(lease);
  }

  /** The leases that were cut so far. */
  synchronized List<LeaseId> cutLeases() {
    return List.copyOf(cut);
  }

  synchronized int count() {
    return count;
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
