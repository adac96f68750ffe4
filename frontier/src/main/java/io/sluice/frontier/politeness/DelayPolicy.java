package io.sluice.frontier.politeness;

import io.sluice.core.lease.Visit;
import java.time.Duration;

/** How long a host is left alone after a visit. Thread-safe: stateless. */
public final class DelayPolicy {

  /** A host is never left alone for longer because it asked for it. */
  private static final Duration LONGEST = Duration.ofDays(1);

  private DelayPolicy() {}

  /** What is granted of a pause that a host asked for: between nothing and a day. */
  public static Duration granted(Duration asked) {
    return asked.isNegative() ? Duration.ZERO : asked.compareTo(LONGEST) > 0 ? LONGEST : asked;
  }

  /**
   * The pause after a visit that sent a request: the longest of the configured delay, the host's
   * crawl-delay and what it asked for by Retry-After, each as far as it is {@linkplain #granted
   * granted}.
   *
   * @param delay {@code politeness.delay}
   * @param crawlDelay the crawl-delay known of the host; zero for none
   */
  public static Duration pause(Duration delay, Duration crawlDelay, Visit visit) {
    Duration pause = longer(delay, granted(crawlDelay));
    return visit.retryAfter() == null ? pause : longer(pause, granted(visit.retryAfter()));
  }

  private static Duration longer(Duration one, Duration other) {
    return one.compareTo(other) >= 0 ? one : other;
  }
}
