package io.sluice.launcher.supervise;

import io.sluice.core.lifecycle.ExitCode;
import io.sluice.launcher.progress.CrawlStatus;
import io.sluice.launcher.progress.Summary;
import java.nio.file.Path;
import java.time.Duration;
import java.util.OptionalLong;

/**
 * How a run of a crawl ended. Immutable.
 *
 * @param exit the worst exit code of its processes
 * @param reason why it ended
 * @param status the last status of the crawl
 * @param resting number of fetched pages left in Redis for the next run; empty if unknown
 * @param elapsed the run's duration
 * @param peakDescriptors maximum number of descriptors open at one time in all processes
 * @param output the directory with the pages
 */
public record RunResult(
    ExitCode exit,
    String reason,
    CrawlStatus status,
    OptionalLong resting,
    Duration elapsed,
    long peakDescriptors,
    Path output) {

  /** Returns the summary for the user. */
  public Summary summary() {
    return new Summary(status, resting, elapsed, peakDescriptors, reason, output);
  }
}
