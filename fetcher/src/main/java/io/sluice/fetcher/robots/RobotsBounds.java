package io.sluice.fetcher.robots;

import io.sluice.core.config.FetcherSettings;
import java.time.Duration;

/**
 * The bounds of one lane's rules. Immutable.
 *
 * @param maxCount maximum number of origins whose rules are cached
 * @param maxWeight approximate maximum size of cached rules, in bytes
 * @param keepNanos how long rules are used before they are read again (RFC 9309, 2.4)
 * @param keepUnreachableNanos how long rules that could not be read are not requested again, so
 *     that simultaneous visits don't all try
 * @param keepExpiredNanos how much longer expired rules are used if they cannot be read again
 * @param totalNanos maximum time to read a robots.txt, including redirects
 */
record RobotsBounds(
    int maxCount,
    long maxWeight,
    long keepNanos,
    long keepUnreachableNanos,
    long keepExpiredNanos,
    long totalNanos) {
  private static final int MAX_COUNT = 50_000;
  private static final long MAX_WEIGHT = 64L * 1024 * 1024;
  private static final long LEAST_WEIGHT = 1 << 20;
  private static final int PART_OF_HEAP = 16;

  /** Heap that the process itself needs, in bytes; rules get a share of the rest. */
  private static final long SMALL_HEAP = 32 << 20;

  private static final Duration KEEP = Duration.ofHours(24);
  private static final Duration KEEP_UNREACHABLE = Duration.ofMillis(500);
  private static final Duration KEEP_EXPIRED = Duration.ofHours(1);

  /** Maximum weight of all lanes' rules in a heap of {@code heapBytes}, in bytes. */
  static long maxWeight(long heapBytes) {
    return Math.clamp((heapBytes - SMALL_HEAP) / PART_OF_HEAP, LEAST_WEIGHT, MAX_WEIGHT);
  }

  /** The bounds of one of {@code lanes} lanes. */
  static RobotsBounds of(FetcherSettings fetcher, int lanes) {
    return new RobotsBounds(
        Math.max(1, MAX_COUNT / lanes),
        maxWeight(Runtime.getRuntime().maxMemory()) / lanes,
        KEEP.toNanos(),
        KEEP_UNREACHABLE.toNanos(),
        KEEP_EXPIRED.toNanos(),
        fetcher.timeouts().total().toNanos());
  }
}
