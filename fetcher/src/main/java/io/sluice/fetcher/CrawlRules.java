package io.sluice.fetcher;

import io.sluice.core.config.SluiceConfig;
import io.sluice.core.lease.Lease;
import io.sluice.core.lease.Reason;
import io.sluice.core.lease.VisitKind;
import io.sluice.fetcher.http.RequestHeads;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The settings of the crawl loop. Immutable.
 *
 * @param policy decides what becomes of leases
 * @param obeyRobots whether robots.txt is fetched and obeyed
 * @param maxCrawlDelay longest accepted crawl-delay; a host that demands a longer one is not
 *     visited
 * @param maxBodyBytes length at which a body is cut
 * @param totalNanos maximum duration of a visit
 * @param firstByte maximum time to the first byte of a response from a healthy host
 * @param heads the heads of requests for pages
 */
record CrawlRules(
    FetchPolicy policy,
    boolean obeyRobots,
    Duration maxCrawlDelay,
    long maxBodyBytes,
    long totalNanos,
    Duration firstByte,
    RequestHeads heads) {
  static CrawlRules of(SluiceConfig config) {
    return new CrawlRules(
        FetchPolicy.of(config.fetcher()),
        config.politeness().obeyRobots(),
        config.politeness().maxCrawlDelay(),
        config.fetcher().maxBodyBytes(),
        config.fetcher().timeouts().total().toNanos(),
        config.fetcher().timeouts().firstByte(),
        RequestHeads.forPages(config.crawl().userAgent()));
  }

  /**
   * Whether the lease is for a first visit that would have been allowed more time at a healthy
   * host.
   *
   * @param reason why the visit failed
   * @param timeLeft whether the visit had time left
   */
  boolean cutShort(Lease lease, Reason reason, boolean timeLeft) {
    Duration patience = lease.terms().firstByte();
    if (lease.terms().kind() != VisitKind.FIRST || patience == null) {
      return false;
    }
    return reason == Reason.TOTAL_TIMEOUT
        ? timeLeft // the response was too slow
        : reason == Reason.FIRST_BYTE_TIMEOUT && patience.compareTo(firstByte) < 0;
  }

  /** Whether a host's crawl-delay is longer than the crawl accepts. */
  boolean tooSlow(@Nullable Duration crawlDelay) {
    return crawlDelay != null && crawlDelay.compareTo(maxCrawlDelay) > 0;
  }
}
