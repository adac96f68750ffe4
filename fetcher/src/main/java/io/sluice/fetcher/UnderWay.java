package io.sluice.fetcher;

import io.sluice.core.lease.Lease;
import io.sluice.core.lifecycle.Deadline;
import io.sluice.core.lifecycle.LeaseSums.ForcedLease;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Counts the leases that the fetcher has, from their taking until they are settled or handed over.
 *
 * <p>Thread-safe: one monitor, held for nothing but counting.
 */
final class UnderWay {
  private final List<ForcedLease> cut = new ArrayList<>();
  private int count;
  private boolean stopping;

  /** Completes when there is none, if there was any when somebody last waited. */
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

  /** A lease's request was cut on the wire in a stop, or its page did not come to Redis in time. */
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
