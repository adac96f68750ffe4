package io.sluice.launcher.supervise;

import io.sluice.core.lifecycle.ExitCode;
import io.sluice.launcher.progress.CrawlStatus;
import io.sluice.launcher.progress.Summary;
import java.nio.file.Path;
import java.time.Duration;

/**
 * How a run of a crawl ended. Immutable.
 *
 * @param exit the worst of its processes
 * @param reason why it ended
 * @param status the last numbers
 * @param elapsed the run's time
 * @param peakDescriptors the most descriptors open at one time, in all processes together
 * @param output where the pages are
 */
public record CrawlEnd(
    ExitCode exit,
    String reason,
    CrawlStatus status,
    Duration elapsed,
    long peakDescriptors,
    Path output) {

  /** What to tell the user. */
  public Summary summary() {
    return new Summary(status, elapsed, peakDescriptors, reason, output);
  }
}
