package io.sluice.launcher.supervise;

import io.sluice.core.lifecycle.ExitCode;
import io.sluice.launcher.process.CrawlFiles;
import io.sluice.launcher.process.CrawlReport;
import io.sluice.launcher.progress.CrawlStatus;
import io.sluice.launcher.progress.Screen;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the children's reports of a stop, and writes those of the supervisor and the whole crawl,
 * wherever there is room. Confined to the supervisor's thread.
 */
final class FinalReports {

  private static final Logger log = LoggerFactory.getLogger(FinalReports.class);

  private final CrawlFiles files;
  private final List<Child> children;
  private final Screen screen;

  /**
   * @param children all of the crawl's children, which have ended
   * @param screen shows the user if a report could not be written
   */
  FinalReports(CrawlFiles files, List<Child> children, Screen screen) {
    this.files = files;
    this.children = children;
    this.screen = screen;
  }

  /**
   * Returns how many fetched pages are left in Redis. Each parser that was ordered to stop counts
   * them as it ends. No more pages are added at that point, so the lowest count is the final one.
   * The count of a parser that ended earlier may be out of date.
   */
  OptionalLong resting(List<PartEnd> ends) {
    Set<String> told =
        ends.stream()
            .filter(end -> end.ending() == PartEnd.Ending.ASKED)
            .map(PartEnd::name)
            .collect(Collectors.toSet());
    OptionalLong least = OptionalLong.empty();
    for (Child child : children) {
      if (!told.contains(child.name())) {
        continue;
      }
      try {
        OptionalLong found = CrawlReport.resting(files, child.report());
        if (found.isPresent() && found.getAsLong() < least.orElse(Long.MAX_VALUE)) {
          least = found;
        }
      } catch (IOException e) {
        log.debug("the report of {} cannot be read", child.name(), e);
      }
    }
    return least;
  }

  /** The fetcher's last status; empty if it left none or they cannot be read. */
  Optional<CrawlStatus> lastStatus() {
    try {
      return CrawlReport.lastStatus(files);
    } catch (IOException e) {
      log.debug("the fetcher's last status cannot be read", e);
      return Optional.empty();
    }
  }

  /**
   * Writes the reports. If they cannot be stored, informs the user, and the stop counts as failed.
   *
   * @return the exit code of the whole crawl
   */
  ExitCode write(SupervisorReport stopped) {
    SupervisorReport report = stopped;
    SupervisorReportText.table(Supervisor.NAME, report).forEach(line -> log.info("{}", line));
    try {
      Path own = CrawlReport.put(files, files.report(Supervisor.NAME), json(report));
      if (!own.equals(files.report(Supervisor.NAME))) {
        report = report.failedToo();
        own = CrawlReport.put(files, own, json(report));
      }
      Map<String, Path> reports = new LinkedHashMap<>(Map.of(Supervisor.NAME, own));
      children.forEach(child -> reports.put(child.name(), child.report()));
      Path whole = CrawlReport.write(files, report.exit(), report.reason(), reports);
      if (!whole.equals(files.crawlReport())) {
        report = report.failedToo();
        CrawlReport.write(files, report.exit(), report.reason(), reports);
        failed(
            "no room for %s: the report was written to %s".formatted(files.crawlReport(), whole));
      }
      deleteStrays(reports);
    } catch (IOException e) {
      failed("the shutdown report cannot be written: " + CrawlFiles.reason(e));
      report = report.failedToo();
    }
    return report.exit();
  }

  private static byte[] json(SupervisorReport report) throws IOException {
    return SupervisorReportText.json(Supervisor.NAME, report);
  }

  /**
   * Deletes reports that were written elsewhere for lack of room: the whole crawl's report already
   * contains them.
   */
  private void deleteStrays(Map<String, Path> reports) throws IOException {
    for (Map.Entry<String, Path> report : reports.entrySet()) {
      if (!report.getValue().equals(files.report(report.getKey()))) {
        Files.deleteIfExists(report.getValue());
      }
    }
  }

  private void failed(String line) {
    log.error("{}", line);
    screen.error("sluice: " + line);
  }
}
