package io.sluice.fetcher;

import io.sluice.core.config.SluiceConfig;
import io.sluice.fetcher.http.RequestHeads;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What the crawl loop goes by. Immutable.
 *
 * @param policy what becomes of leases
 * @param obeyRobots whether robots.txt is asked at all
 * @param delay between requests to a host
 * @param maxCrawlDelay a host that asks for more is not visited
 * @param maxBodyBytes where a body is cut
 * @param totalNanos how long a visit may take
 * @param heads how pages are asked for
 */
record CrawlRules(
    FetchPolicy policy,
    boolean obeyRobots,
    Duration delay,
    Duration maxCrawlDelay,
    long maxBodyBytes,
    long totalNanos,
    RequestHeads heads) {
  static CrawlRules of(SluiceConfig config) {
    return new CrawlRules(
        FetchPolicy.of(config.fetcher()),
        config.politeness().obeyRobots(),
        config.politeness().delay(),
        config.politeness().maxCrawlDelay(),
        config.fetcher().maxBodyBytes(),
        config.fetcher().timeouts().total().toNanos(),
        RequestHeads.forPages(config.crawl().userAgent()));
  }

  /** Whether a host wants a pause between its robots.txt and the first page. */
  boolean pausesAfterRobots(@Nullable Duration crawlDelay) {
    return delay.isPositive() || (crawlDelay != null && crawlDelay.isPositive());
  }

  /** Whether a host asks for a longer pause than the crawl has patience for. */
  boolean tooSlow(@Nullable Duration crawlDelay) {
    return crawlDelay != null && crawlDelay.compareTo(maxCrawlDelay) > 0;
  }
}
