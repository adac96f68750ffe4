package io.sluice.launcher.process;

import io.sluice.core.metrics.Health;
import io.sluice.frontier.Frontier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Checks, at each tick, whether the network and the settings let the crawl continue, and reports
 * changes: readiness follows the network, and a WARN line names settings that refuse queued URLs.
 * Confined to the process's main thread.
 */
final class CrawlWatch {

  /** The health check of the crawl's own network connection. */
  static final String NETWORK = "network";

  private static final Logger log = LoggerFactory.getLogger(CrawlWatch.class);

  /** Number of refused URLs up to which no warning is logged. */
  private static final long FEW = 3;

  private final Frontier frontier;
  private final Health.Check network;
  private long warnAbove = FEW;

  CrawlWatch(Frontier frontier, Health.Check network) {
    this.frontier = frontier;
    this.network = network;
    network.ready();
  }

  void tick() {
    if (frontier.uplink().down()) {
      network.notReady("the network seems to be down: the crawl is held");
    } else {
      network.ready();
    }
    warnOfSettings();
  }

  /**
   * Warns when the settings refuse more than {@link #FEW} URLs, and each time that the number has
   * doubled.
   */
  private void warnOfSettings() {
    var stats = frontier.stats();
    long refused = stats.setAsideNow().values().stream().mapToLong(Long::longValue).sum();
    if (refused > warnAbove) {
      warnAbove = 2 * refused;
      log.warn("{}", CrawlNotes.setAside(stats));
    }
  }
}
