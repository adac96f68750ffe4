package io.sluice.launcher.supervise;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * How often a crashing child may be started again: {@code crashes} times in any {@code window},
 * each time after a longer pause, up to a longest one. Confined to one thread.
 */
public final class RestartBudget {

  private static final Duration WINDOW = Duration.ofMinutes(10);
  private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);

  private static final int FETCHER_CRASHES = 5;
  private static final Duration FETCHER_LONGEST_PAUSE = Duration.ofSeconds(16);

  /**
   * A page that kills its parser does so about four times, once in a batch and three times alone,
   * before it is given up: so many crashes are five such pages in a window.
   */
  private static final int PARSER_CRASHES = 20;

  /** Short, since nobody parses meanwhile; the budget must be spent within the window. */
  private static final Duration PARSER_LONGEST_PAUSE = Duration.ofSeconds(8);

  private static final int REDIS_CRASHES = 5;
  private static final Duration REDIS_LONGEST_PAUSE = Duration.ofSeconds(8);

  private final int crashes;
  private final Duration window;
  private final Duration firstPause;
  private final Duration longestPause;
  private final LongSupplier nanoTime;
  private final Deque<Long> recentNanos = new ArrayDeque<>();

  /**
   * @param firstPause the pause after the first crash in a window; doubles with each further one
   * @param longestPause the longest pause
   * @param nanoTime monotonic time
   */
  RestartBudget(
      int crashes,
      Duration window,
      Duration firstPause,
      Duration longestPause,
      LongSupplier nanoTime) {
    this.crashes = crashes;
    this.window = window;
    this.firstPause = firstPause;
    this.longestPause = longestPause;
    this.nanoTime = nanoTime;
  }

  /** The fetcher's: what makes it crash five times is no accident. */
  static RestartBudget ofFetcher(LongSupplier nanoTime) {
    return new RestartBudget(FETCHER_CRASHES, WINDOW, FIRST_PAUSE, FETCHER_LONGEST_PAUSE, nanoTime);
  }

  /** A parser's: pages make it crash, and the crawl outlives some of them. */
  static RestartBudget ofParser(LongSupplier nanoTime) {
    return new RestartBudget(PARSER_CRASHES, WINDOW, FIRST_PAUSE, PARSER_LONGEST_PAUSE, nanoTime);
  }

  /** Redis's: somebody kills it, memory or disk runs out. Whoever needs it waits meanwhile. */
  static RestartBudget ofRedis(LongSupplier nanoTime) {
    return new RestartBudget(REDIS_CRASHES, WINDOW, FIRST_PAUSE, REDIS_LONGEST_PAUSE, nanoTime);
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
    return Optional.of(pause(recentNanos.size()));
  }

  private Duration pause(int crashesInWindow) {
    Duration pause = firstPause;
    for (int i = 1; i < crashesInWindow && pause.compareTo(longestPause) < 0; i++) {
      pause = pause.multipliedBy(2);
    }
    return pause.compareTo(longestPause) < 0 ? pause : longestPause;
  }
}
