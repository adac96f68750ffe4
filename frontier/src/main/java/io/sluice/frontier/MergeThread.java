package io.sluice.frontier;

import io.sluice.core.lifecycle.Deadline;
import io.sluice.core.resource.Ledger;
import io.sluice.core.resource.ResourceKind;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * The thread on which the shards' files are merged, one merge at a time. A shard has few merges
 * under way at once, which bounds what waits. Thread-safe.
 */
final class MergeThread implements Executor, AutoCloseable {

  private final Ledger ledger;
  private final ExecutorService executor;

  /**
   * @param ledger borrowed; the thread is entered there when it starts, with the first merge
   */
  MergeThread(Ledger ledger) {
    this.ledger = ledger;
    this.executor = Executors.newSingleThreadExecutor(this::thread);
  }

  private Thread thread(Runnable work) {
    return Thread.ofPlatform()
        .name("frontier-merge")
        .daemon()
        .unstarted(
            () -> {
              try (Ledger.Entry _ = ledger.enter(ResourceKind.THREAD, "frontier.merge")) {
                work.run();
              }
            });
  }

  @Override
  public void execute(Runnable merge) {
    executor.execute(merge);
  }

  /** Ends the thread behind what it is doing; whether it did before the deadline. */
  boolean close(Deadline deadline) throws InterruptedException {
    close();
    return executor.awaitTermination(deadline.left().toNanos(), TimeUnit.NANOSECONDS);
  }

  /** Ends the thread behind what it is doing; does not wait. */
  @Override
  public void close() {
    executor.shutdown();
  }
}
