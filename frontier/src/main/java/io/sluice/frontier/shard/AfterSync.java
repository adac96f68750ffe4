package io.sluice.frontier.shard;

import io.sluice.core.lease.VisitKind;
import io.sluice.frontier.OfferCounts;
import io.sluice.frontier.TakenBack;
import java.util.concurrent.CompletableFuture;

/** An action that waits until everything up to now is durable. */
sealed interface AfterSync {

  /** Called once everything written up to now is durable. */
  void synced();

  /** Called if the sync failed, so that durability is unknown. */
  void failed(Throwable failure);

  /** Answers an offer; the batch no longer counts as alive, but the URLs accepted from it do. */
  record OffersTaken(EndDetector end, OfferCounts counts, CompletableFuture<OfferCounts> answer)
      implements AfterSync {
    @Override
    public void synced() {
      answer.complete(counts);
      end.subtract(1);
    }

    @Override
    public void failed(Throwable failure) {
      answer.completeExceptionally(failure);
    }
  }

  /**
   * Answers a command to take hosts back; the command no longer counts as alive, but the hosts'
   * URLs do.
   */
  record HostsTakenBack(EndDetector end, TakenBack hosts, CompletableFuture<TakenBack> answer)
      implements AfterSync {
    @Override
    public void synced() {
      answer.complete(hosts);
      end.subtract(1);
    }

    @Override
    public void failed(Throwable failure) {
      answer.completeExceptionally(failure);
    }
  }

  /**
   * Frees a lease's credit and answers its settlement.
   *
   * @param kind the kind of visit that the lease was issued for
   * @param held bytes of credit that the lease held
   * @param page whether a page was fetched
   */
  record LeaseSettled(
      ShardContext context,
      int shard,
      VisitKind kind,
      long held,
      boolean page,
      CompletableFuture<Void> answer)
      implements AfterSync {
    @Override
    public void synced() {
      context.credit().release(shard, kind, held, page);
      answer.complete(null);
    }

    @Override
    public void failed(Throwable failure) {
      answer.completeExceptionally(failure);
    }
  }

  /** Subtracts {@code count} URLs that no longer count as alive, now that this is durable. */
  record NoLongerAlive(EndDetector end, long count) implements AfterSync {
    @Override
    public void synced() {
      end.subtract(count);
    }

    @Override
    public void failed(Throwable failure) {}
  }

  /** Answers a settlement of a lease that was not out. */
  record Ignored(CompletableFuture<Void> answer) implements AfterSync {
    @Override
    public void synced() {
      answer.complete(null);
    }

    @Override
    public void failed(Throwable failure) {
      answer.completeExceptionally(failure);
    }
  }
}
