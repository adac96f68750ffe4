package io.sluice.bench.frontier;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Limits the number of operations in flight and keeps the first failure. Thread-safe: a semaphore
 * and an atomic reference.
 */
final class Waits {

  /** Maximum wait in the benchmark: nothing takes that long, so a longer wait means a failure. */
  static final Duration LIMIT = Duration.ofMinutes(30);

  private final int bound;
  private final Semaphore free;
  private final AtomicReference<Throwable> failure = new AtomicReference<>();

  Waits(int bound) {
    this.bound = bound;
    this.free = new Semaphore(bound);
  }

  /** Starts an operation; waits if too many are in flight. */
  void begin() throws InterruptedException {
    acquire(1);
  }

  /**
   * Ends an operation.
   *
   * @param problem why it failed; null if it succeeded
   */
  void end(@Nullable Throwable problem) {
    if (problem != null) {
      failure.compareAndSet(null, problem);
    }
    free.release();
  }

  /** Waits until no operation is in flight. */
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
