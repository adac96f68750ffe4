package io.sluice.launcher.progress;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.Collectors;

/**
 * What a crawl reports at its end. Immutable.
 *
 * @param status the last status of the crawl
 * @param resting number of entries that parsers left in Redis: pages and archive-only exchanges;
 *     empty if unknown
 * @param elapsed the run's duration
 * @param peakDescriptors maximum number of descriptors open at one time in all processes; 0 if the
 *     system does not report it
 * @param reason why the run ended
 * @param output where the pages are
 */
public record Summary(
    CrawlStatus status,
    OptionalLong resting,
    Duration elapsed,
    long peakDescriptors,
    String reason,
    Path output) {

  /** The reason of a run that ended because it had reached its maximum number of pages. */
  private static final String ENOUGH = "max-pages";

  /** The summary, line by line. */
  public List<String> lines() {
    List<String> lines = new ArrayList<>();
    if (status.isUnknown()) {
      lines.add("This run    ended before the fetcher reported on the crawl: " + reason);
    } else {
      addNumbers(lines);
    }
    if (peakDescriptors > 0) {
      lines.add("Peak        " + Amounts.count(peakDescriptors) + " descriptors");
    }
    status.found().forEach(line -> lines.add("Found       " + line));
    lines.add("Output      " + output);
    return lines;
  }

  private void addNumbers(List<String> lines) {
    double perSecond = (double) status.fetched() * 1000 / Math.max(1, elapsed.toMillis());
    lines.add(
        "This run    %s in %s (%s/s), %s received: %s"
            .formatted(
                pages(status.fetched(), status.statuses().errorPagesNow()),
                Amounts.time(elapsed),
                Amounts.rate(perSecond),
                Amounts.bytes((double) status.bytes()),
                reason));
    lines.add("In all      %s; %s".formatted(endings(), Amounts.count(status.hosts(), "host")));
    addStatuses(lines);
    lines.addAll(status.notes());
    List<String> left = left();
    if (!left.isEmpty()) {
      boolean limited = reason.equals(ENOUGH) && status.queued() > 0;
      lines.add(
          "Still to do %s; %s to continue"
              .formatted(String.join(", ", left), limited ? "raise crawl.max-pages" : "run again"));
    }
  }

  /** Returns what is left for the next run, by kind, with numbers. */
  private List<String> left() {
    List<String> left = new ArrayList<>();
    add(left, status.queued(), "queued");
    add(left, status.inFlight(), "in flight");
    long records = status.outstandingRecords();
    long entries = resting.orElse(status.outstanding() + records);
    add(left, entries, records == 0 ? "to parse" : "to parse or archive");
    if (records == 0 || entries == 0) { // otherwise it is unknown which entries are pages
      long parsed = status.outstanding() - Math.min(entries, status.outstanding());
      add(left, parsed, "parsed, whose links and counts the next run takes up");
    }
    return left;
  }

  private static void add(List<String> parts, long number, String what) {
    if (number > 0) {
      parts.add(Amounts.count(number) + " " + what);
    }
  }

  /** Formats the number of pages, with error pages counted separately. */
  private static String pages(long all, long errors) {
    String pages = Amounts.count(Math.max(0, all - errors), "page");
    return errors == 0 ? pages : pages + ", " + Amounts.count(errors, "error page");
  }

  private String endings() {
    StringBuilder words =
        new StringBuilder(pages(status.ended(CrawlStatus.PAGE), status.statuses().errorPages()));
    status
        .endings()
        .forEach(
            (ending, count) -> {
              if (count > 0 && !ending.equals(CrawlStatus.PAGE)) {
                words.append(", ").append(Amounts.count(count)).append(' ').append(ending);
              }
            });
    return words.toString();
  }

  private void addStatuses(List<String> lines) {
    String thisRun = statuses(status.statuses().now());
    String all = statuses(status.statuses().all());
    if (!all.isEmpty()) {
      lines.add(
          thisRun.equals(all)
              ? "Statuses    " + all
              : "Statuses    this run %s; in all %s"
                  .formatted(thisRun.isEmpty() ? "none" : thisRun, all));
    }
  }

  private static String statuses(Map<String, Long> counts) {
    return counts.entrySet().stream()
        .map(status -> status.getKey() + " " + Amounts.count(status.getValue()))
        .collect(Collectors.joining(", "));
  }
}
