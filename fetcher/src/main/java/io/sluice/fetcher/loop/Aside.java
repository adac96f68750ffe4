package io.sluice.fetcher.loop;

import io.sluice.core.resource.Ledger;
import io.sluice.core.resource.OwnedThreads;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Threads for work that would block an event loop and so delay every host of its lane: creating a
 * TLS context, which loads a thousand classes, the computations of handshakes, and decoding
 * compressed robots.txt files. They start on demand, at most one for each loop. The queue is
 * bounded by the numbers of connections and visits, since each task belongs to one of these.
 * Thread-safe.
 */
final class Aside implements Executor, AutoCloseable {

  private static final Duration END_BOUND = Duration.ofSeconds(1);

  private final OwnedThreads threads;
  private final ThreadPoolExecutor executor;

  /**
   * @param count maximum number of threads
   * @param ledger records the threads; borrowed
   */
  Aside(int count, Ledger ledger) {
    this.threads =
        new OwnedThreads(
            Thread.ofPlatform().daemon().name("fetcher-aside-", 0), ledger, "fetcher.aside");
    this.executor =
        new ThreadPoolExecutor(
            count, count, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), threads);
  }

  /**
   * Runs a task on one of the threads, later.
   *
   * @throws RejectedExecutionException if the loops are closed
   */
  @Override
  public void execute(Runnable work) {
    executor.execute(work);
  }

  /** Drops waiting tasks, ends the threads, and waits at most one second for them to end. */
  @Override
  public void close() {
    executor.shutdownNow();
    try {
      var _ = threads.awaitEnd(executor, END_BOUND);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
