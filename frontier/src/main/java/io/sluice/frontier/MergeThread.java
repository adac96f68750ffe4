package io.sluice.frontier;

import io.sluice.core.lifecycle.Deadline;
import io.sluice.core.resource.Ledger;
import io.sluice.core.resource.ResourceKind;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The thread on which the shards' files are merged, one merge at a time. The queue is bounded,
 * since a shard has few merges in progress at a time. Thread-safe.
 */
final class MergeThread implements Executor, AutoCloseable {

  private final Ledger ledger;
  private final ExecutorService executor;
  private volatile @Nullable Thread thread;

  /**
   * @param ledger records the thread, which starts with the first merge; borrowed
   */
  MergeThread(Ledger ledger) {
    this.ledger = ledger;
    this.executor = Executors.newSingleThreadExecutor(this::thread);
  }

  private Thread thread(Runnable work) {
    Thread made =
        Thread.ofPlatform()
            .name("frontier-merge")
            .daemon()
            .unstarted(
                () -> {
                  try (Ledger.Entry _ = ledger.enter(ResourceKind.THREAD, "frontier.merge")) {
                    work.run();
                  }
                });
    thread = made;
    return made;
  }

  @Override
  public void execute(Runnable merge) {
    executor.execute(merge);
  }

  /** Ends the thread after its current merge; returns whether it ended before the deadline. */
  boolean close(Deadline deadline) throws InterruptedException {
    close();
    boolean over = executor.awaitTermination(deadline.left().toNanos(), TimeUnit.NANOSECONDS);
    Thread last = thread; // it removes its ledger entry only after the executor reports its end
    return over && (last == null || last.join(deadline.left()));
  }

  /** Ends the thread after its current merge; does not wait. */
  @Override
  public void close() {
    executor.shutdown();
  }
}
