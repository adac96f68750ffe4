package io.sluice.core.stream;

import java.time.Duration;

/**
 * How a consumer takes over the pages of dead consumers. Immutable.
 *
 * @param claimAfter how long a page may stay uncommitted before another consumer takes it over;
 *     much longer than a batch may take
 * @param claimEvery how often a consumer looks for such pages
 * @param maxStrikes number of times that a worker may die with only this page in flight before the
 *     page is given up
 */
public record ConsumerSettings(Duration claimAfter, Duration claimEvery, int maxStrikes) {

  /** Settings with three strikes, and ten searches for pages in each {@code claimAfter}. */
  public static ConsumerSettings claimingAfter(Duration claimAfter) {
    return new ConsumerSettings(claimAfter, claimAfter.dividedBy(10), 3);
  }
}
