package io.sluice.core.config;

import io.sluice.core.lease.Priority;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The settings of a host. All hosts of one rule, and all without one, share an instance. Immutable.
 *
 * @param delay time from the end of a response to the next request to the host
 * @param connections requests to the host at a time
 * @param maxPages maximum number of pages to fetch from the host; 0 for no limit
 * @param maxDepth maximum number of links from a seed
 * @param priority priority of the host's URLs, except seeds with a priority of their own; null if
 *     no rule sets it
 */
public record HostSettings(
    Duration delay, int connections, long maxPages, int maxDepth, @Nullable Priority priority) {

  static HostSettings of(ScopeSettings scope, PolitenessSettings politeness) {
    return new HostSettings(
        politeness.delay(),
        politeness.connectionsPerHost(),
        scope.maxPagesPerHost(),
        scope.maxDepth(),
        null);
  }
}
