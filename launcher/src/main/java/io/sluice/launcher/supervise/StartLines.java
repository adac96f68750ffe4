package io.sluice.launcher.supervise;

import io.sluice.core.config.SluiceConfig;
import io.sluice.launcher.progress.Amounts;
import io.sluice.launcher.progress.Screen;
import java.util.List;

/**
 * Prints lines about the start of a crawl: first which crawl it is, before any slow step, then a
 * line for each part once that is running. Confined to the supervisor's thread.
 */
final class StartLines {

  private final Screen screen;
  private final SluiceConfig config;

  StartLines(Screen screen, SluiceConfig config) {
    this.screen = screen;
    this.config = config;
  }

  /**
   * Reports the crawl's directory and its live page.
   *
   * @param place the directory, followed by whether it already contains a crawl
   * @param port the crawl's admin port
   */
  void begins(String place, int port) {
    screen.line("Crawl       %s in %s".formatted(config.crawl().name(), place));
    screen.line("Live page   " + livePage(config.admin().bind(), port));
    if (config.redis().embedded()) {
      screen.live(List.of("starting Redis"));
    }
  }

  /** Reports that Redis is running, or names one that is not the crawl's own. */
  void redisRuns() {
    boolean embedded = config.redis().embedded();
    screen.line("Redis       " + (embedded ? "embedded" : config.redis().shownUri()));
    screen.live(List.of("starting the fetcher"));
  }

  /** Reports that the fetcher is running. */
  void fetcherRuns() {
    screen.line("Fetcher     running");
  }

  /** Reports that the parsers have been started. */
  void parsersStart() {
    int parsers = config.parser().processes();
    screen.line("Parsers     " + Amounts.count(parsers, "process", "processes"));
  }

  /** Returns the URL of the live page for a browser on this machine. */
  static String livePage(String bind, int port) {
    boolean any = bind.equals("0.0.0.0") || bind.equals("::") || bind.equals("[::]");
    String host = any ? "localhost" : bind;
    boolean bare = host.indexOf(':') >= 0 && !host.startsWith("[");
    return "http://%s:%d/".formatted(bare ? "[" + host + "]" : host, port);
  }
}
