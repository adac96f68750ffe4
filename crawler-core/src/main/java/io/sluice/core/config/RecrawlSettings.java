package io.sluice.core.config;

import java.time.Duration;

/**
 * When pages are visited again. Immutable.
 *
 * @param after so long after its first visit a page is visited again; zero: never
 * @param shortest a page that changes is visited again after so long at least, or after {@code
 *     after} where that is shorter
 * @param longest a page that does not change is visited again after so long at most, or after
 *     {@code after} where that is longer
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
