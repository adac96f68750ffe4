package io.sluice.launcher.supervise;

import io.sluice.core.lifecycle.Backoff;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * How often a crashing part may be restarted: at most {@code crashes} times in any {@code window}.
 * Each pause before a restart is longer than the last, up to a maximum. Confined to one thread.
 */
public final class RestartBudget {

  private static final Duration WINDOW = Duration.ofMinutes(10);
  private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);

  private static final int FETCHER_CRASHES = 5;
  private static final Duration FETCHER_LONGEST_PAUSE = Duration.ofSeconds(16);

  /**
   * A page that crashes its parser does so about four times before it is given up: once in a batch
   * and three times alone. The limit therefore allows five such pages per window.
   */
  private static final int PARSER_CRASHES = 20;

  /**
   * Short, because the parser parses no pages during the pause, and because {@value
   * #PARSER_CRASHES} crashes must fit into the window.
   */
  private static final Duration PARSER_LONGEST_PAUSE = Duration.ofSeconds(8);

  private static final int REDIS_CRASHES = 5;
  private static final Duration REDIS_LONGEST_PAUSE = Duration.ofSeconds(8);

  private final int crashes;
  private final Duration window;
  private final Backoff pauses;
  private final LongSupplier nanoTime;
  private final Deque<Long> recentNanos = new ArrayDeque<>();

  /**
   * @param firstPause the pause after the first crash in a window; doubles with each further one
   * @param longestPause limits the doubled pauses
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
    this.pauses = new Backoff(firstPause, longestPause);
    this.nanoTime = nanoTime;
  }

  /** Creates the fetcher's budget: that many crashes are unlikely to be accidental. */
  static RestartBudget ofFetcher(LongSupplier nanoTime) {
    return new RestartBudget(FETCHER_CRASHES, WINDOW, FIRST_PAUSE, FETCHER_LONGEST_PAUSE, nanoTime);
  }

  /**
   * Creates a parser's budget, which lets a crawl continue despite a few pages that crash parsers.
   */
  static RestartBudget ofParser(LongSupplier nanoTime) {
    return new RestartBudget(PARSER_CRASHES, WINDOW, FIRST_PAUSE, PARSER_LONGEST_PAUSE, nanoTime);
  }

  /**
   * Creates Redis's budget, for a server that is killed or runs out of memory or disk space. Its
   * clients wait until it is running again.
   */
  static RestartBudget ofRedis(LongSupplier nanoTime) {
    return new RestartBudget(REDIS_CRASHES, WINDOW, FIRST_PAUSE, REDIS_LONGEST_PAUSE, nanoTime);
  }

  /** Counts a crash. Returns the pause before the next start; empty if the budget is spent. */
  public Optional<Duration> crashed() {
    long now = nanoTime.getAsLong();
    while (!recentNanos.isEmpty() && now - recentNanos.getFirst() > window.toNanos()) {
      recentNanos.removeFirst();
    }
    if (recentNanos.size() >= crashes) {
      return Optional.empty();
    }
    recentNanos.addLast(now);
    return Optional.of(pauses.after(recentNanos.size()));
  }
}
