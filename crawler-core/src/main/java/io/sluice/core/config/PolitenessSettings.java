package io.sluice.core.config;

import java.time.Duration;

/**
 * How gently hosts are treated. Immutable.
 *
 * @param delay time from the end of a response to the next request to its host
 * @param maxCrawlDelay maximum crawl-delay; a host whose robots.txt states a longer one is skipped
 *     and reported
 * @param connectionsPerHost requests to one host at a time
 * @param obeyRobots whether robots.txt and robots directives in pages are obeyed (RFC 9309)
 * @param domain the pace for all hosts of a registered domain together
 * @param address the pace for all hosts of an IP address together
 * @param delayFactor the pause is at least this many times the last response time; 0: off
 * @param maxBackOff maximum to which the pause grows after visits that had problems; zero: it does
 *     not grow
 * @param patience how long the crawl waits for troubled hosts
 */
public record PolitenessSettings(
    Duration delay,
    Duration maxCrawlDelay,
    int connectionsPerHost,
    boolean obeyRobots,
    Pace domain,
    Pace address,
    int delayFactor,
    Duration maxBackOff,
    Patience patience) {

  /**
   * How long the crawl waits for a troubled host before giving it up, in the crawl's running time;
   * zero: not at all. Immutable.
   *
   * @param proven for a host that gave a good answer before
   * @param first for a host that never did
   * @param tail for any host, once only troubled hosts are left
   */
  public record Patience(Duration proven, Duration first, Duration tail) {}

  /**
   * How fast hosts that belong together are visited. Immutable.
   *
   * @param delay time from the end of a response to the next request to any of them
   * @param connections requests to them at a time; 0 for no limit
   */
  public record Pace(Duration delay, int connections) {

    /** No limit. */
    public static final Pace FREE = new Pace(Duration.ZERO, 0);

    /** Whether it limits anything. */
    public boolean limits() {
      return delay.isPositive() || connections > 0;
    }
  }
}
