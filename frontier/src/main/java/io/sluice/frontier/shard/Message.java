package io.sluice.frontier.shard;

import io.sluice.core.lease.HostDesk;
import io.sluice.core.lease.LeaseId;
import io.sluice.core.lease.LeaseTaker;
import io.sluice.core.lease.Offer;
import io.sluice.core.lease.Ruling;
import io.sluice.core.lease.Settlement;
import io.sluice.core.lease.Visit;
import io.sluice.frontier.OfferCounts;
import io.sluice.frontier.RetryFilter;
import io.sluice.frontier.TakenBack;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** A request to a shard. Immutable except for the futures, which the shard completes. */
public sealed interface Message {

  /** Fails the message's future, if it has one. */
  default void refuse(Throwable failure) {}

  /** The offers in the message for this shard. */
  default List<Offer> offers() {
    return List.of();
  }

  /**
   * Take these offers; the future completes once they are durable. The batch counts as alive until
   * then.
   */
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

  /** A visit is over; the future completes with the ruling on a failure. */
  record Visited(long sequence, Visit visit, CompletableFuture<Ruling> ruling) implements Message {
    @Override
    public void refuse(Throwable failure) {
      ruling.completeExceptionally(failure);
    }
  }

  /**
   * A lease requests to visit a host of this shard that is not its own; the future completes with
   * the answer.
   */
  record AskHost(LeaseId lease, String host, CompletableFuture<HostDesk.Answer> answer)
      implements Message {
    @Override
    public void refuse(Throwable failure) {
      answer.completeExceptionally(failure);
    }
  }

  /** A visit that an {@link AskHost} requested is over. */
  record HostAsked(LeaseId lease, Visit visit) implements Message {}

  /**
   * Take back hosts that were given up; the future completes once that is durable. The command
   * counts as alive until then.
   */
  record RetryHosts(RetryFilter filter, CompletableFuture<TakenBack> hosts) implements Message {
    @Override
    public void refuse(Throwable failure) {
      hosts.completeExceptionally(failure);
    }
  }

  /** A page is in Redis. */
  record Outstanding(long sequence, long bytes) implements Message {}

  /**
   * A lease ends; the future completes once that is durable.
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

  /** Find the leases that have been outstanding for too long. */
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
