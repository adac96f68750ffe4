package io.sluice.frontier.inspect;

import io.sluice.frontier.hold.HostState;
import io.sluice.frontier.queue.HostQueue;
import java.io.IOException;
import java.time.Duration;

/**
 * The facts known about a host. Immutable.
 *
 * @param queued URLs that are waiting for a lease, indefinitely if the host was given up
 * @param retries URLs that are waiting for another attempt
 * @param leases leases that are out
 * @param setAside URLs that the current settings refuse
 * @param crawlDelay the crawl-delay in its robots.txt; zero for none
 * @param state its state, as its visits so far have shown it
 * @param runningMillis the crawl's running time, which the state's times are counted in
 */
public record HostFacts(
    String name,
    long queued,
    long retries,
    long leases,
    long setAside,
    long pages,
    Duration crawlDelay,
    HostState state,
    long runningMillis) {

  /** Collects the facts about a host from its shard's files. */
  public static HostFacts of(ShardView shard, HostQueue host) throws IOException {
    return new HostFacts(
        host.name(),
        host.size(),
        shard.retries(host).size(),
        host.leases(),
        host.setAside(),
        host.pages(),
        host.crawlDelay(),
        host.state(),
        shard.runningMillis());
  }

  /** Time elapsed since a moment in running time. */
  public Duration since(long millis) {
    return Duration.ofMillis(Math.max(0, runningMillis - millis));
  }
}
