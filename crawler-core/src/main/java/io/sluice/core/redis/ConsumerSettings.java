package io.sluice.core.redis;

import java.time.Duration;

/**
 * How a consumer takes over what dead ones held. Immutable.
 *
 * @param claimAfter a page that its consumer has not committed for this long is taken from it; well
 *     above the time that a batch may take
 * @param claimEvery how often a consumer looks for such pages
 * @param maxStrikes a page that was in flight alone this often when its worker died is given up
 */
public record ConsumerSettings(Duration claimAfter, Duration claimEvery, int maxStrikes) {

  /** Three strikes, looked for ten times in {@code claimAfter}. */
  public static ConsumerSettings claimingAfter(Duration claimAfter) {
    return new ConsumerSettings(claimAfter, claimAfter.dividedBy(10), 3);
  }
}
