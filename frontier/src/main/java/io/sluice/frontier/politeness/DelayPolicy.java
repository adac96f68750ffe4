package io.sluice.frontier.politeness;

import io.sluice.core.lease.Visit;
import java.time.Duration;

/** How long a host is left alone after a visit. Thread-safe: stateless. */
public final class DelayPolicy {

  private DelayPolicy() {}

  /**
   * The pause after a visit that sent a request: the longest of the configured delay, the host's
   * crawl-delay and what it asked for by Retry-After.
   *
   * @param delay {@code politeness.delay}
   * @param crawlDelay the crawl-delay known of the host; zero for none
   */
  public static Duration pause(Duration delay, Duration crawlDelay, Visit visit) {
    Duration pause = longer(delay, crawlDelay);
    return visit.retryAfter() == null ? pause : longer(pause, visit.retryAfter());
  }

  private static Duration longer(Duration one, Duration other) {
    return one.compareTo(other) >= 0 ? one : other;
  }
}
