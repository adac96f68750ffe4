package io.sluice.launcher.progress;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What a crawl tells at its end. Immutable.
 *
 * @param status the last numbers
 * @param elapsed the run's time
 * @param peakDescriptors the most descriptors open at one time, in all processes together
 * @param reason why it ended
 * @param output where the pages are
 */
public record Summary(
    CrawlStatus status, Duration elapsed, long peakDescriptors, String reason, Path output) {

  /** The summary, line by line. */
  public List<String> lines() {
    double perSecond = (double) status.fetched() * 1000 / Math.max(1, elapsed.toMillis());
    List<String> lines = new ArrayList<>();
    lines.add(
        "%s pages in %s (%s/s), %s received, %s hosts: %s"
            .formatted(
                Amounts.count(status.fetched()),
                Amounts.time(elapsed),
                Amounts.rate(perSecond),
                Amounts.bytes((double) status.bytes()),
                Amounts.count(status.hosts()),
                reason));
    lines.add("URLs ended  " + endings());
    if (status.queued() + status.inFlight() + status.outstanding() > 0) {
      lines.add(
          "Still to do %s queued, %s in flight, %s at the parsers; run again to go on"
              .formatted(
                  Amounts.count(status.queued()),
                  Amounts.count(status.inFlight()),
                  Amounts.count(status.outstanding())));
    }
    lines.add("Peak        " + Amounts.count(peakDescriptors) + " descriptors");
    lines.add("Output      " + output);
    return lines;
  }

  private String endings() {
    String words =
        status.endings().entrySet().stream()
            .filter(ending -> ending.getValue() > 0)
            .map(ending -> ending.getKey() + " " + Amounts.count(ending.getValue()))
            .collect(Collectors.joining(", "));
    return words.isEmpty() ? "none" : words;
  }
}
