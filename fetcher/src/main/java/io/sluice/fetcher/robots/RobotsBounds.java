package io.sluice.fetcher.robots;

import io.sluice.core.config.FetcherSettings;
import java.time.Duration;

/**
 * The bounds of one lane's rules. Immutable.
 *
 * @param maxCount origins whose rules are cached at most
 * @param maxWeight bytes that cached rules take at most, roughly
 * @param keepNanos how long rules are used before they are read again (RFC 9309, 2.4)
 * @param keepUnreachableNanos how long nobody asks again for what could not be read
 * @param totalNanos how long reading a robots.txt may take, redirects included
 */
record RobotsBounds(
    int maxCount, long maxWeight, long keepNanos, long keepUnreachableNanos, long totalNanos) {
  private static final int MAX_COUNT = 50_000;
  private static final long MAX_WEIGHT = 64L * 1024 * 1024;
  private static final Duration KEEP = Duration.ofHours(24);

  /** Each of some lanes gets its share; a retry finds that what was unreachable is asked again. */
  static RobotsBounds of(FetcherSettings fetcher, int lanes) {
    return new RobotsBounds(
        Math.max(1, MAX_COUNT / lanes),
        MAX_WEIGHT / lanes,
        KEEP.toNanos(),
        fetcher.retryDelay().toNanos(),
        fetcher.timeouts().total().toNanos());
  }
}
