package io.sluice.core.config;

import io.sluice.core.lease.Priority;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What holds for a host. All hosts of one rule, and all without one, share an instance. Immutable.
 *
 * @param delay from the end of a response to the next request to the host
 * @param connections requests to the host at a time
 * @param maxPages pages to fetch from the host at most; 0 for no limit
 * @param maxDepth links from a seed at most
 * @param priority of the host's URLs, but for seeds that have one of their own; null where no rule
 *     says
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
