package io.sluice.core.config;

import java.time.Duration;

/**
 * How gently hosts are treated. Immutable.
 *
 * @param delay from the end of a response to the next request to its host
 * @param maxCrawlDelay a host whose robots.txt asks for more is skipped and reported
 * @param connectionsPerHost requests to one host at a time
 * @param obeyRobots whether robots.txt and robots directives in pages are obeyed (RFC 9309)
 * @param domain what holds for all hosts of a registered domain together
 * @param address what holds for all hosts of an IP address together
 * @param delayFactor a host is left alone for so many times its last response time at least; 0: off
 * @param maxBackOff what the pause after troubled visits grows to; zero: it does not grow
 */
public record PolitenessSettings(
    Duration delay,
    Duration maxCrawlDelay,
    int connectionsPerHost,
    boolean obeyRobots,
    Pace domain,
    Pace address,
    int delayFactor,
    Duration maxBackOff) {

  /**
   * How fast hosts that belong together are visited. Immutable.
   *
   * @param delay from the end of a response to the next request to any of them
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
