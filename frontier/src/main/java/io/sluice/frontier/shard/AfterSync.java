package io.sluice.frontier.shard;

import io.sluice.frontier.OfferCounts;
import java.util.concurrent.CompletableFuture;

/** What is to be done once everything up to now is durable. */
sealed interface AfterSync {

  /** It is. */
  void synced();

  /** It will never be known to be. */
  void failed(Throwable failure);

  /** Answers who offered; the batch of offers is not alive any more, what was accepted of it is. */
  record OffersTaken(CrawlEnd end, OfferCounts counts, CompletableFuture<OfferCounts> answer)
      implements AfterSync {
    @Override
    public void synced() {
      answer.complete(counts);
      end.subtract();
    }

    @Override
    public void failed(Throwable failure) {
      answer.completeExceptionally(failure);
    }
  }

  /**
   * Frees a lease's credit and answers who settled it.
   *
   * @param held bytes of credit that the lease held
   * @param page whether a page was fetched
   * @param over whether the URL is not alive any more
   */
  record LeaseSettled(
      Surroundings around,
      int shard,
      long held,
      boolean page,
      boolean over,
      CompletableFuture<Void> answer)
      implements AfterSync {
    @Override
    public void synced() {
      around.credit().release(shard, held, page);
      answer.complete(null);
      if (over) {
        around.end().subtract();
      }
    }

    @Override
    public void failed(Throwable failure) {
      answer.completeExceptionally(failure);
    }
  }

  /** Answers who settled a lease that was not out. */
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
