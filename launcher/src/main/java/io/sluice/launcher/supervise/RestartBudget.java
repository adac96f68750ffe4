package io.sluice.launcher.supervise;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * How often a crashing child may be started again: {@code crashes} times in any {@code window},
 * each time after a longer pause. Confined to one thread.
 */
public final class RestartBudget {

  private final int crashes;
  private final Duration window;
  private final Duration firstPause;
  private final LongSupplier nanoTime;
  private final Deque<Long> recentNanos = new ArrayDeque<>();

  /**
   * @param firstPause the pause after the first crash in a window; doubles with each further one
   * @param nanoTime monotonic time
   */
  public RestartBudget(int crashes, Duration window, Duration firstPause, LongSupplier nanoTime) {
    this.crashes = crashes;
    this.window = window;
    this.firstPause = firstPause;
    this.nanoTime = nanoTime;
  }

  /** Counts a crash. Gives the pause before the next start, or nothing when the budget is spent. */
  public Optional<Duration> crashed() {
    long now = nanoTime.getAsLong();
    while (!recentNanos.isEmpty() && now - recentNanos.getFirst() > window.toNanos()) {
      recentNanos.removeFirst();
    }
    if (recentNanos.size() >= crashes) {
      return Optional.empty();
    }
    recentNanos.addLast(now);
    return Optional.of(firstPause.multipliedBy(1L << (recentNanos.size() - 1)));
  }
}
