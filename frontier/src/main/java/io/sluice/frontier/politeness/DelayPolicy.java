package io.sluice.frontier.politeness;

import io.sluice.core.config.PolitenessSettings;
import io.sluice.core.lease.Visit;
import io.sluice.core.lifecycle.Backoff;
import java.time.Duration;

/**
 * How long a host is left alone after a visit. A pure policy. Immutable.
 *
 * @param factor minimum pause as a multiple of the last response time; 0 for none
 * @param maxBackOff maximum of the pause that grows after troubled visits; zero if it does not grow
 */
public record DelayPolicy(int factor, Duration maxBackOff) {

  /** Maximum pause that a host is granted. */
  private static final Duration LONGEST = Duration.ofDays(1);

  /** Back-off doubles from the host's delay, or from this if the delay is shorter. */
  private static final Duration LEAST_BACK_OFF = Duration.ofSeconds(1);

  /** The policy of a configuration. */
  public static DelayPolicy of(PolitenessSettings settings) {
    return new DelayPolicy(settings.delayFactor(), settings.maxBackOff());
  }

  /** The part of a requested pause that a host is granted: between zero and a day. */
  public static Duration granted(Duration asked) {
    return asked.isNegative() ? Duration.ZERO : asked.compareTo(LONGEST) > 0 ? LONGEST : asked;
  }

  /**
   * The pause after a visit that sent a request: the longest of the configured delay, the host's
   * crawl-delay, its Retry-After, the multiple of its response time (each of these limited to what
   * is {@linkplain #granted granted}), and the back-off.
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

  /**
   * The pause that grows after troubled visits: twice the delay after the first, and twice as long
   * after each further one, up to {@link #maxBackOff}.
   */
  public Duration backOff(Duration delay, int troubles) {
    if (troubles == 0) {
      return Duration.ZERO;
    }
    Backoff from = new Backoff(longer(delay, LEAST_BACK_OFF), maxBackOff);
    return from.after(troubles + 1);
  }

  private static Duration longer(Duration one, Duration other) {
    return one.compareTo(other) >= 0 ? one : other;
  }
}
