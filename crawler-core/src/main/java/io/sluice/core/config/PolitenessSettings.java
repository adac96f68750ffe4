package io.sluice.core.config;

import java.time.Duration;

/**
 * How gently hosts are treated. Immutable.
 *
 * @param delay from the end of a response to the next request to its host
 * @param maxCrawlDelay a host whose robots.txt asks for more is skipped and reported
 * @param connectionsPerHost requests to one host at a time
 * @param obeyRobots whether robots.txt and robots directives in pages are obeyed (RFC 9309)
 */
public record PolitenessSettings(
    Duration delay, Duration maxCrawlDelay, int connectionsPerHost, boolean obeyRobots) {}
