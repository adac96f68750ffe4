package io.sluice.fetcher;

import io.sluice.core.lease.Lease;
import io.sluice.core.lifecycle.Deadline;
import io.sluice.core.lifecycle.LeaseSums.ForcedLease;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * Counts the leases in the fetcher's hands: those taken and not yet settled or handed over.
 *
 * <p>Thread-safe: one monitor, held only for counting.
 */
final class InFlight {
  /** Bounded by the number of leases that were out. */
  private final Set<ForcedLease> cut = new LinkedHashSet<>();

  private int count;
  private boolean stopping;

  /** Completes when no lease is left; renewed for each wait that finds one. */
  private CompletableFuture<Void> none = new CompletableFuture<>();

  synchronized void begin() {
    count++;
  }

  synchronized void end() {
    count--;
    if (count == 0) {
      none.complete(null);
    }
  }

  /**
   * Records that a lease's URL will be requested again: a stop cut its request on the wire, its
   * page did not reach Redis in time, or the frontier could not journal its end.
   */
  synchronized void cut(Lease lease) {
    cut.add(new ForcedLease(lease.id().toString(), lease.url().href()));
  }

  /** Leases cut off at the stop's deadline. */
  synchronized List<ForcedLease> cutLeases() {
    return List.copyOf(cut);
  }

  synchronized int count() {
    return count;
  }

  /** No further lease is taken. */
  synchronized void stop() {
    stopping = true;
  }

  synchronized boolean stopping() {
    return stopping;
  }

  /**
   * Waits until no lease is left, or until the deadline. Interruption ends the wait and stays set.
   */
  void awaitNone(Deadline deadline) {
    try {
      deadline.await(none());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized CompletableFuture<Void> none() {
    if (none.isDone() && count > 0) {
      none = new CompletableFuture<>();
    }
    if (count == 0) {
      none.complete(null);
    }
    return none;
  }
}
