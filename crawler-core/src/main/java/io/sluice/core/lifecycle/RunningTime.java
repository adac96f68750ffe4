package io.sluice.core.lifecycle;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Monotonic time that stands still while the process does: in a paused container, on a frozen
 * machine, between SIGSTOP and SIGCONT. The process cannot read or compute anything meanwhile, so
 * what it waits for is not late.
 *
 * <p>A standstill shows as a gap between two readings of this clock. While the clock is watched, it
 * is read at least every {@link #LONGEST_STEP}, so only that much of a longer gap counts. While it
 * is not watched, every gap counts in full.
 *
 * <p>Thread-safe: guarded by its own lock, held for one reading of the system's clock.
 */
public final class RunningTime implements LongSupplier {

  /** Maximum time between two readings by a watcher, with a margin for a busy machine. */
  public static final Duration LONGEST_STEP = Duration.ofSeconds(1);

  private static final long STEP_NANOS = LONGEST_STEP.toNanos();

  private final LongSupplier nanoTime;
  private long lookedNanos;
  private long stoodNanos;
  private int watchers;

  /**
   * A clock that is not watched yet.
   *
   * @param nanoTime monotonic time, {@code System::nanoTime} outside tests
   */
  public RunningTime(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    this.lookedNanos = nanoTime.getAsLong();
  }

  /** A clock that is watched all its life: its owner must read it twice a second. */
  public static RunningTime watchedAlways() {
    RunningTime time = new RunningTime(System::nanoTime);
    time.watch();
    return time;
  }

  /** The time now, in nanoseconds; only differences have a meaning. */
  @Override
  public synchronized long getAsLong() {
    long now = nanoTime.getAsLong();
    long gap = now - lookedNanos;
    if (watchers > 0 && gap > STEP_NANOS) {
      stoodNanos += gap - STEP_NANOS;
    }
    lookedNanos = now;
    return now - stoodNanos;
  }

  /** Adds a watcher, until {@link #unwatch}. */
  public synchronized void watch() {
    getAsLong();
    watchers++;
  }

  /** Removes a watcher. */
  public synchronized void unwatch() {
    getAsLong();
    watchers--;
  }
}
