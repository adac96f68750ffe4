package io.sluice.frontier.shard;

import io.sluice.core.lease.LeaseId;
import io.sluice.core.lease.LeaseTaker;
import io.sluice.core.lease.Offer;
import io.sluice.core.lease.Settlement;
import io.sluice.core.lease.Visit;
import io.sluice.frontier.OfferCounts;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** What a shard is asked to do. Immutable but for the futures, which the shard completes. */
public sealed interface Message {

  /** Fails the future that waits for the message, if one does. */
  default void refuse(Throwable failure) {}

  /** What the message offers to this shard. */
  default List<Offer> offers() {
    return List.of();
  }

  /** Take these; complete when synced. Counts as alive until then. */
  record Offered(List<Offer> offers, CompletableFuture<OfferCounts> counts) implements Message {
    @Override
    public void refuse(Throwable failure) {
      counts.completeExceptionally(failure);
    }
  }

  /** Begin to issue leases. */
  record Start(LeaseTaker taker) implements Message {}

  /** There may be credit. */
  record Wake() implements Message {}

  /** A visit is over. */
  record Visited(long sequence, Visit visit) implements Message {}

  /** A page is in Redis. */
  record Outstanding(long sequence, long bytes) implements Message {}

  /**
   * A lease ends; complete when synced.
   *
   * @param offers those of the settlement that belong to this shard
   */
  record Settle(
      long sequence, Settlement settlement, List<Offer> offers, CompletableFuture<Void> synced)
      implements Message {
    @Override
    public void refuse(Throwable failure) {
      synced.completeExceptionally(failure);
    }
  }

  /** Which leases are outstanding for too long? */
  record FindOverdue(CompletableFuture<List<LeaseId>> overdue) implements Message {
    @Override
    public void refuse(Throwable failure) {
      overdue.completeExceptionally(failure);
    }
  }

  /** Write a checkpoint and close the files. */
  record Close(CompletableFuture<Void> closed) implements Message {
    @Override
    public void refuse(Throwable failure) {
      closed.completeExceptionally(failure);
    }
  }
}
