package io.sluice.core.resource;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;

/**
 * Creates platform threads that are in the ledger from their start to their end. Thread-safe, since
 * the builder is not changed.
 */
public final class OwnedThreads implements ThreadFactory {

  private final ThreadFactory threads;
  private final Ledger ledger;
  private final String owner;
  private final Set<Thread> living = ConcurrentHashMap.newKeySet();

  /**
   * @param threads sets their names and properties; owned from here on
   * @param ledger where they are entered; borrowed
   * @param owner the part that owns them
   */
  public OwnedThreads(Thread.Builder.OfPlatform threads, Ledger ledger, String owner) {
    this.threads = threads.factory();
    this.ledger = ledger;
    this.owner = owner;
  }

  /** A thread that is not started yet. */
  @Override
  public Thread newThread(Runnable work) {
    return threads.newThread(
        () -> {
          living.add(Thread.currentThread());
          try (Ledger.Entry _ = ledger.enter(ResourceKind.THREAD, owner)) {
            work.run();
          } finally {
            living.remove(Thread.currentThread());
          }
        });
  }

  /**
   * Waits until an executor that was shut down has terminated and its threads, which this factory
   * created, have left the ledger; they do so a moment after the executor has terminated.
   *
   * @param atMost bounds both waits together
   * @return whether all threads ended in time
   */
  public boolean awaitEnd(ExecutorService executor, Duration atMost) throws InterruptedException {
    long endNanos = System.nanoTime() + atMost.toNanos();
    if (!executor.awaitTermination(atMost.toNanos(), TimeUnit.NANOSECONDS)) {
      return false;
    }
    for (Thread thread : living) {
      if (!thread.join(Duration.ofNanos(endNanos - System.nanoTime()))) {
        return false;
      }
    }
    return true;
  }
}
