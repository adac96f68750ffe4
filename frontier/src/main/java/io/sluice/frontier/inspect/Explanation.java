package io.sluice.frontier.inspect;

import io.sluice.core.lease.LeaseId;
import io.sluice.frontier.crawllog.CrawlLogReader.Entry;
import io.sluice.frontier.queue.QueuedUrl;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What a frontier knows of a URL. */
public sealed interface Explanation {

  /** Nothing: it was not offered, or refused as a link, which nobody notes. */
  record NeverSeen() implements Explanation {}

  /**
   * It waits for a first lease, or was given back.
   *
   * @param position its place among the URLs of its host, from 1
   */
  record Queued(HostFacts host, QueuedUrl url, long position) implements Explanation {}

  /**
   * It waits to be visited again.
   *
   * @param after how long at least, from its failure or from a restart
   */
  record WaitsForRetry(HostFacts host, QueuedUrl url, Duration after) implements Explanation {}

  /** A lease on it is out: it is being visited, or a parser owes the outcome. */
  record Leased(QueuedUrl url, LeaseId lease) implements Explanation {}

  /**
   * It ended.
   *
   * @param next when it is visited again, at the earliest; null if it is not
   */
  record Done(Entry line, @Nullable Instant next) implements Explanation {}

  /** A seed that was refused; it may be accepted with other settings. */
  record RefusedSeed(Entry line) implements Explanation {}

  /** It was seen, waits nowhere, and the crawl log has no line of it: that was taken away. */
  record SeenOnly() implements Explanation {}

  /**
   * What is known of a host.
   *
   * @param queued URLs that wait for a first lease
   * @param retries URLs that wait to be visited again
   * @param leases leases that are out
   * @param crawlDelay what its robots.txt asked for; zero for nothing
   */
  record HostFacts(
      String name, long queued, long retries, long leases, long pages, Duration crawlDelay) {}
}
