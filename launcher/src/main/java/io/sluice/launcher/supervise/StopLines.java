package io.sluice.launcher.supervise;

import io.sluice.launcher.progress.Amounts;
import io.sluice.launcher.progress.CrawlStatus;
import io.sluice.launcher.progress.Screen;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The lines printed after the user has asked a crawl to stop: first the work that remains, then
 * each phase as it ends. None is printed if the crawl ends by itself. Confined to the supervisor's
 * thread.
 */
final class StopLines {

  private static final Logger log = LoggerFactory.getLogger(StopLines.class);

  private final Screen screen;
  private final boolean asked;

  /**
   * @param asked whether the user requested the stop
   */
  StopLines(Screen screen, boolean asked) {
    this.screen = screen;
    this.asked = asked;
  }

  /** Reports what remains to be done when the stop begins. */
  void begins(CrawlStatus status, Duration deadline) {
    if (asked) {
      screen.error("sluice: " + toFinish(status, deadline));
    }
  }

  static String toFinish(CrawlStatus status, Duration deadline) {
    if (status.isUnknown()) {
      return "stopping: the crawl is still starting; at most %ds".formatted(deadline.toSeconds());
    }
    List<String> visits = new ArrayList<>();
    if (status.inFlight() > 0) {
      visits.add(Amounts.count(status.inFlight(), "request"));
    }
    if (status.outstanding() > 0) {
      visits.add(Amounts.count(status.outstanding(), "page"));
    }
    List<String> parts = new ArrayList<>();
    if (!visits.isEmpty()) {
      parts.add(String.join(" and ", visits) + " to finish");
    }
    if (status.outstandingRecords() > 0) {
      parts.add(Amounts.count(status.outstandingRecords(), "exchange") + " to archive");
    }
    return parts.isEmpty()
        ? "stopping: nothing is under way"
        : "stopping: %s, at most %ds".formatted(String.join(", ", parts), deadline.toSeconds());
  }

  /** Reports that from now on another signal ends the crawl at once. */
  void mayInsist() {
    String line = "Ctrl-C or SIGTERM again ends the crawl at once";
    log.info("{}", line);
    screen.error("sluice: " + line);
  }

  /** Reports that a phase of the stop has ended. */
  void ended(String phase, Duration took) {
    if (asked) {
      screen.error("sluice: %s stopped after %s".formatted(phase, Amounts.time(took)));
    }
  }
}
