package io.sluice.bench.frontier;

import io.sluice.core.lease.Offer;
import java.nio.file.Path;
import java.util.List;

/**
 * A frontier as the benchmark drives it, from one thread. It owns whatever it opens; its files are
 * kept. Each of its waits is bounded by {@link Waits#LIMIT}.
 */
interface Contender {

  /** The contenders; their names are those on the command line. */
  enum Kind {
    SLUICE,
    ROCKSDB,
    MVSTORE;

    /**
     * Opens a contender in its own directory, which may contain the files of a previous process.
     */
    Contender open(Path directory) throws Exception {
      return switch (this) {
        case SLUICE -> SluiceContender.open(directory);
        case ROCKSDB -> StoredFrontier.open(RocksStore.open(directory));
        case MVSTORE -> StoredFrontier.open(MvQueueStore.open(directory));
      };
    }

    /**
     * The directory with the files of the contender's queues and seen set: {@code directory}, or
     * one below it.
     */
    Path files(Path directory) {
      return this == SLUICE ? directory.resolve("frontier") : directory;
    }
  }

  /**
   * Results of the offers that this process made.
   *
   * @param accepted new URLs, now queued
   * @param seen URLs that were already known
   * @param refused URLs out of scope or over a budget; should be 0
   */
  record Tally(long accepted, long seen, long refused) {}

  /** Makes offers; returns without waiting for the answers, unless too many are in flight. */
  void offer(List<Offer> offers) throws Exception;

  /** Waits until every offer is answered. */
  void awaitOffers() throws Exception;

  /**
   * Leases URLs and settles each as done, without links; returns once all settlements are durable.
   *
   * @param deadlineNanos a {@link System#nanoTime} at which to stop early
   * @return the number of URLs settled; fewer than requested if no more are queued
   */
  long leaseAndSettle(long count, long deadlineNanos) throws Exception;

  /** The results of the offers so far; exact after {@link #awaitOffers}. */
  Tally tally();

  /** Closes the contender cleanly: everything done so far is durable. */
  void close() throws Exception;
}
