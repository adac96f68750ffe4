package io.sluice.bench.frontier;

import io.sluice.core.lease.Offer;
import java.nio.file.Path;
import java.util.List;

/**
 * A frontier as the benchmark drives it, on one thread. Whatever it opened it owns; files stay. A
 * wait inside is bounded by {@link Waits#LIMIT}.
 */
interface Contender {

  /** Those there are, by the names of the command line. */
  enum Kind {
    SLUICE,
    ROCKSDB,
    MVSTORE;

    /** Opens one in a directory of its own, which may hold what a former process left there. */
    Contender open(Path directory) throws Exception {
      return switch (this) {
        case SLUICE -> SluiceContender.open(directory);
        case ROCKSDB -> StoredFrontier.open(RocksStore.open(directory));
        case MVSTORE -> StoredFrontier.open(MvQueueStore.open(directory));
      };
    }

    /** The files of its queues and of its seen set, in that directory. */
    Path files(Path directory) {
      return this == SLUICE ? directory.resolve("frontier") : directory;
    }
  }

  /**
   * What became of the offers that this process made.
   *
   * @param accepted new, and queued
   * @param seen known before
   * @param refused out of scope or over a budget; none should be
   */
  record Tally(long accepted, long seen, long refused) {}

  /** Takes offers; returns before they are answered unless too many are under way. */
  void offer(List<Offer> offers) throws Exception;

  /** Waits until every offer is answered. */
  void awaitOffers() throws Exception;

  /**
   * Leases URLs and settles each as done, without links; returns when all are settled durably.
   *
   * @param deadlineNanos of {@link System#nanoTime}; then it stops early
   * @return how many; fewer than asked for where no more are queued
   */
  long leaseAndSettle(long count, long deadlineNanos) throws Exception;

  /** What became of the offers so far; exact after {@link #awaitOffers}. */
  Tally tally();

  /** Closes it cleanly: all that was done is durable. */
  void close() throws Exception;
}
