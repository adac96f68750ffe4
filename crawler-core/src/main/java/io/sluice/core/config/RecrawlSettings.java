package io.sluice.core.config;

import java.time.Duration;

/**
 * When pages are visited again. Immutable.
 *
 * @param after how long after its first visit a page is visited again; zero: never
 * @param shortest the shortest interval, for pages that change; {@code after} if that is shorter
 * @param longest the longest interval, for pages that do not change; {@code after} if that is
 *     longer
 */
public record RecrawlSettings(Duration after, Duration shortest, Duration longest) {

  /** No page is visited again. */
  public static final RecrawlSettings NEVER =
      new RecrawlSettings(Duration.ZERO, Duration.ofHours(1), Duration.ofDays(90));

  /** Whether pages are visited again at all. */
  public boolean enabled() {
    return after.isPositive();
  }
}
