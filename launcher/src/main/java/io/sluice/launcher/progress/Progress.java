package io.sluice.launcher.progress;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A crawl's progress as its user sees it: receives a status each second, shows it, and keeps the
 * numbers for the summary. Confined to one thread.
 */
public final class Progress {

  private static final long PLAIN_LINE_NANOS = Duration.ofSeconds(10).toNanos();

  private final Screen screen;
  private final LongSupplier nanoTime;
  private final long startedNanos;

  private @Nullable CrawlStatus first;
  private @Nullable CrawlStatus last;

  /** The status shown by the last plain line. */
  private CrawlStatus lastPlain = CrawlStatus.NONE;

  private long lastNanos;
  private long lastPlainLineNanos;
  private long peakDescriptors;

  /** Starts counting time by the given monotonic clock. */
  public Progress(Screen screen, LongSupplier nanoTime) {
    this.screen = screen;
    this.nanoTime = nanoTime;
    this.startedNanos = nanoTime.getAsLong();
    this.lastNanos = startedNanos;
    this.lastPlainLineNanos = startedNanos;
  }

  /**
   * Shows a status.
   *
   * @param said the fetcher's status
   * @param descriptors number of open descriptors in all of the crawl's processes
   */
  public void show(CrawlStatus said, long descriptors) {
    long now = nanoTime.getAsLong();
    observe(descriptors);
    if (first == null && !said.isUnknown()) {
      first = said;
    }
    CrawlStatus status = ofRun(said);
    if (screen.isLive()) {
      screen.live(
          parts(last == null ? CrawlStatus.NONE : last, status, descriptors, now - lastNanos));
    } else if (now - lastPlainLineNanos >= PLAIN_LINE_NANOS) {
      List<String> parts = parts(lastPlain, status, descriptors, now - lastPlainLineNanos);
      screen.line(elapsedText(now) + Screen.SEPARATOR + String.join(Screen.SEPARATOR, parts));
      lastPlain = status;
      lastPlainLineNanos = now;
    }
    last = status;
    lastNanos = now;
  }

  /** Records how many descriptors are open, even while there is no status to show. */
  public void observe(long descriptors) {
    peakDescriptors = Math.max(peakDescriptors, descriptors);
  }

  /** The line's parts, most important first, since a narrow terminal shows only the first ones. */
  private static List<String> parts(
      CrawlStatus before, CrawlStatus status, long descriptors, long nanos) {
    double seconds = seconds(nanos);
    List<String> parts = new ArrayList<>();
    parts.add(Amounts.count(status.fetched(), "page"));
    // The numbers may decrease: a fetcher that was killed may have reported more pages than its
    // journal contains.
    parts.add(Amounts.rate(Math.max(0, status.fetched() - before.fetched()) / seconds) + "/s");
    parts.add(Amounts.bytes(Math.max(0, status.bytes() - before.bytes()) / seconds) + "/s");
    parts.add("frontier " + Amounts.count(status.queued()));
    parts.add(
        "in flight %s+%s"
            .formatted(Amounts.count(status.inFlight()), Amounts.count(status.outstanding())));
    if (status.visits().first() + status.visits().troubled() > 0) {
      parts.add(visits(status.visits()));
    }
    parts.add("fds " + Amounts.count(descriptors));
    parts.add("errors " + Amounts.count(status.errors()));
    if (status.fetched() == before.fetched() && !status.waitsFor().isEmpty()) {
      parts.add("waits for " + status.waitsFor());
    }
    if (!status.holds().isEmpty()) {
      parts.add(status.holds());
    }
    return parts;
  }

  private String elapsedText(long now) {
    return Amounts.clock(Duration.ofNanos(now - startedNanos));
  }

  private static String visits(CrawlStatus.Visits visits) {
    return "visits: %s proven, %s first, %s of %s troubled"
        .formatted(
            Amounts.count(visits.proven()),
            Amounts.count(visits.first()),
            Amounts.count(visits.troubled()),
            Amounts.count(visits.troubledMax()));
  }

  /** Returns a status with this run's numbers counted over all restarts of the fetcher. */
  public CrawlStatus ofRun(CrawlStatus status) {
    return first == null ? status : status.ofRun(first);
  }

  /** The last status shown; empty before the first one. */
  public Optional<CrawlStatus> last() {
    return Optional.ofNullable(last);
  }

  /** Time since this object was created. */
  public Duration elapsed() {
    return Duration.ofNanos(nanoTime.getAsLong() - startedNanos);
  }

  /** Highest number of descriptors recorded so far. */
  public long peakDescriptors() {
    return peakDescriptors;
  }

  private static double seconds(long nanos) {
    return Math.max(nanos, 1) / 1e9;
  }
}
