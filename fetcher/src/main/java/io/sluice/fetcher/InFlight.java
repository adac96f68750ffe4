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
  /** Leases whose URLs will be requested again. Bounded by the number of leases that were out. */
  private final Set<ForcedLease> cut = new LinkedHashSet<>();

  private int count;
  private boolean stopping;

  /** Completes when no lease is left; replaced by each wait that begins while a lease is left. */
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

  /** The leases that {@link #cut} recorded. */
  synchronized List<ForcedLease> cutLeases() {
    return List.copyOf(cut);
  }

  synchronized int count() {
    return count;
  }

  /** Records that the fetcher is stopping and takes no further lease. */
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
