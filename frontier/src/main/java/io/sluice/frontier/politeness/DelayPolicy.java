package io.sluice.frontier.politeness;

import io.sluice.core.config.PolitenessSettings;
import io.sluice.core.lease.Visit;
import java.time.Duration;

/**
 * How long a host is left alone after a visit. A pure policy. Immutable.
 *
 * @param factor the pause is at least so many times the last response time; 0: off
 * @param maxBackOff what the pause after troubled visits grows to; zero: it does not grow
 */
public record DelayPolicy(int factor, Duration maxBackOff) {

  /** A host is never left alone for longer because it asked for it. */
  private static final Duration LONGEST = Duration.ofDays(1);

  /** Back-off doubles from the host's delay, but from this at least. */
  private static final Duration LEAST_BACK_OFF = Duration.ofSeconds(1);

  /** The policy of a configuration. */
  public static DelayPolicy of(PolitenessSettings settings) {
    return new DelayPolicy(settings.delayFactor(), settings.maxBackOff());
  }

  /** What is granted of a pause that a host asked for: between nothing and a day. */
  public static Duration granted(Duration asked) {
    return asked.isNegative() ? Duration.ZERO : asked.compareTo(LONGEST) > 0 ? LONGEST : asked;
  }

  /**
   * The pause after a visit that sent a request: the longest of the configured delay, the host's
   * crawl-delay, what it asked for by Retry-After, the multiple of its response time, each as far
   * as it is {@linkplain #granted granted}, and the back-off.
   *
   * @param delay the host's configured delay
   * @param crawlDelay the crawl-delay known of the host; zero for none
   * @param troubles troubled visits in a row, this one included
   */
  public Duration pause(Duration delay, Duration crawlDelay, int troubles, Visit visit) {
    Duration pause = longer(delay, granted(crawlDelay));
    if (visit.retryAfter() != null) {
      pause = longer(pause, granted(visit.retryAfter()));
    }
    pause = longer(pause, granted(visit.responseTime().multipliedBy(factor)));
    return longer(pause, backOff(delay, troubles));
  }

  /** Twice the delay after the first troubled visit, and twice that after each further one. */
  private Duration backOff(Duration delay, int troubles) {
    if (troubles == 0) {
      return Duration.ZERO;
    }
    Duration pause = longer(delay, LEAST_BACK_OFF);
    for (int i = 0; i < troubles && pause.compareTo(maxBackOff) < 0; i++) {
      pause = pause.multipliedBy(2);
    }
    return pause.compareTo(maxBackOff) > 0 ? maxBackOff : pause;
  }

  private static Duration longer(Duration one, Duration other) {
    return one.compareTo(other) >= 0 ? one : other;
  }
}
