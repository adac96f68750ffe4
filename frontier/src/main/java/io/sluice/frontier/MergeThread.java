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
 * The thread on which the shards' files are merged, one merge at a time. A shard has few merges
 * under way at once, which bounds what waits. Thread-safe.
 */
final class MergeThread implements Executor, AutoCloseable {

  private final Ledger ledger;
  private final ExecutorService executor;
  private volatile @Nullable Thread thread;

  /**
   * @param ledger borrowed; the thread is entered there when it starts, with the first merge
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

  /** Ends the thread behind what it is doing; whether it did before the deadline. */
  boolean close(Deadline deadline) throws InterruptedException {
    close();
    boolean over = executor.awaitTermination(deadline.left().toNanos(), TimeUnit.NANOSECONDS);
    Thread last = thread; // which strikes its entry after the executor calls itself over
    return over && (last == null || last.join(deadline.left()));
  }

  /** Ends the thread behind what it is doing; does not wait. */
  @Override
  public void close() {
    executor.shutdown();
  }
}
