import edu.uci.ics.crawler4j.crawler.CrawlConfig;
import edu.uci.ics.crawler4j.crawler.CrawlController;
import edu.uci.ics.crawler4j.crawler.Page;
import edu.uci.ics.crawler4j.crawler.WebCrawler;
import edu.uci.ics.crawler4j.fetcher.PageFetcher;
import edu.uci.ics.crawler4j.robotstxt.RobotstxtConfig;
import edu.uci.ics.crawler4j.robotstxt.RobotstxtServer;
import edu.uci.ics.crawler4j.url.WebURL;
import java.util.regex.Pattern;

/** Crawls the benchmark's site with crawler4j and stores nothing: {@code CrawlSite DIR SEED}. */
public final class CrawlSite extends WebCrawler {
  private static final int THREADS = 8; // of 8, 16 and 32 the fastest, on two processors
  private static final Pattern IN_SCOPE =
      Pattern.compile("http://([^/?#]*\\.)?test(:\\d+)?/([^?#]*(\\.html|/))?");

  public static void main(String[] args) throws Exception {
    CrawlConfig config = new CrawlConfig();
    config.setCrawlStorageFolder(args[0]);
    config.setPolitenessDelay(0);
    config.setUserAgentString("SluiceBench/1.0");
    config.setMaxTotalConnections(THREADS);
    config.setMaxConnectionsPerHost(THREADS);
    // How long crawler4j waits before it concludes that nothing is left.
    config.setThreadMonitoringDelaySeconds(1);
    config.setThreadShutdownDelaySeconds(1);
    config.setCleanupDelaySeconds(1);
    PageFetcher fetcher = new PageFetcher(config);
    RobotstxtConfig robots = new RobotstxtConfig();
    robots.setUserAgentName("SluiceBench");
    CrawlController controller =
        new CrawlController(config, fetcher, new RobotstxtServer(robots, fetcher));
    controller.addSeed(args[1]);
    controller.start(CrawlSite.class, THREADS);
  }

  @Override
  public boolean shouldVisit(Page referring, WebURL url) {
    return IN_SCOPE.matcher(url.getURL()).matches();
  }
}
