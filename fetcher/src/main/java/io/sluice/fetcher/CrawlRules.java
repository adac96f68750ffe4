package io.sluice.fetcher;

import io.sluice.core.config.HostRules;
import io.sluice.core.config.SluiceConfig;
import io.sluice.fetcher.http.RequestHeads;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What the crawl loop goes by. Immutable.
 *
 * @param policy what becomes of leases
 * @param obeyRobots whether robots.txt is asked at all
 * @param hosts settings of single hosts
 * @param sharedDelay between requests to a domain or an address, the longer of the two
 * @param maxCrawlDelay a host that asks for more is not visited
 * @param maxBodyBytes where a body is cut
 * @param totalNanos how long a visit may take
 * @param heads how pages are asked for
 */
record CrawlRules(
    FetchPolicy policy,
    boolean obeyRobots,
    HostRules hosts,
    Duration sharedDelay,
    Duration maxCrawlDelay,
    long maxBodyBytes,
    long totalNanos,
    RequestHeads heads) {
  static CrawlRules of(SluiceConfig config) {
    Duration domain = config.politeness().domain().delay();
    Duration address = config.politeness().address().delay();
    return new CrawlRules(
        FetchPolicy.of(config.fetcher()),
        config.politeness().obeyRobots(),
        HostRules.of(config),
        domain.compareTo(address) > 0 ? domain : address,
        config.politeness().maxCrawlDelay(),
        config.fetcher().maxBodyBytes(),
        config.fetcher().timeouts().total().toNanos(),
        RequestHeads.forPages(config.crawl().userAgent()));
  }

  /** Whether a host wants a pause between its robots.txt and the first page. */
  boolean pausesAfterRobots(String host, @Nullable Duration crawlDelay) {
    return hosts.settingsOf(host).delay().isPositive()
        || sharedDelay.isPositive()
        || (crawlDelay != null && crawlDelay.isPositive());
  }

  /** Whether a host asks for a longer pause than the crawl has patience for. */
  boolean tooSlow(@Nullable Duration crawlDelay) {
    return crawlDelay != null && crawlDelay.compareTo(maxCrawlDelay) > 0;
  }
}
