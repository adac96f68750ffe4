package io.sluice.bench.frontier;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A bounded number of things under way, and the first of their failures. Thread-safe: a semaphore
 * and an atomic reference.
 */
final class Waits {

  /** Nothing in the benchmark takes longer; who waits for that long gives up. */
  static final Duration LIMIT = Duration.ofMinutes(30);

  private final int bound;
  private final Semaphore free;
  private final AtomicReference<Throwable> failure = new AtomicReference<>();

  Waits(int bound) {
    this.bound = bound;
    this.free = new Semaphore(bound);
  }

  /** One more is under way; waits for room. */
  void begin() throws InterruptedException {
    acquire(1);
  }

  /**
   * One is over.
   *
   * @param problem why it failed; null if it did not
   */
  void end(@Nullable Throwable problem) {
    if (problem != null) {
      failure.compareAndSet(null, problem);
    }
    free.release();
  }

  /** Waits until nothing is under way. */
  void awaitAll() throws InterruptedException {
    acquire(bound);
    free.release(bound);
  }

  private void acquire(int permits) throws InterruptedException {
    boolean acquired = free.tryAcquire(permits, LIMIT.toNanos(), TimeUnit.NANOSECONDS);
    Throwable problem = failure.get();
    if (problem != null) {
      throw new IllegalStateException("the contender failed: " + problem, problem);
    }
    if (!acquired) {
      throw new IllegalStateException("no answer within " + LIMIT);
    }
  }
}
