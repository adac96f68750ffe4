package io.sluice.launcher.progress;

import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A crawl's progress as its user sees it: takes a status each second, shows it, and keeps what the
 * summary needs. Confined to one thread.
 */
public final class Progress {

  private static final long PLAIN_LINE_NANOS = Duration.ofSeconds(10).toNanos();

  private final Screen screen;
  private final LongSupplier nanoTime;
  private final long startedNanos;

  private @Nullable CrawlStatus last;
  private long lastNanos;
  private long lastPlainLineNanos;
  private long peakDescriptors;

  /** Begins to count time by the given monotonic clock. */
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
   * @param descriptors open in all of the crawl's processes together
   */
  public void show(CrawlStatus status, long descriptors) {
    long now = nanoTime.getAsLong();
    peakDescriptors = Math.max(peakDescriptors, descriptors);
    String line = line(status, descriptors, seconds(now - lastNanos));
    screen.live(line);
    if (!screen.isLive() && now - lastPlainLineNanos >= PLAIN_LINE_NANOS) {
      screen.line(line);
      lastPlainLineNanos = now;
    }
    last = status;
    lastNanos = now;
  }

  private String line(CrawlStatus status, long descriptors, double sinceLast) {
    CrawlStatus before = last == null ? status : last;
    double pages = (status.fetched() - before.fetched()) / sinceLast;
    double bytes = (status.bytes() - before.bytes()) / sinceLast;
    return "%s pages  %s/s  %s/s  frontier %s  in flight %s+%s  fds %s  errors %s"
        .formatted(
            Amounts.count(status.fetched()),
            Amounts.rate(pages),
            Amounts.bytes(bytes),
            Amounts.count(status.queued()),
            Amounts.count(status.inFlight()),
            Amounts.count(status.outstanding()),
            Amounts.count(descriptors),
            Amounts.count(status.errors()));
  }

  /** The last status shown; nothing before the first. */
  public Optional<CrawlStatus> last() {
    return Optional.ofNullable(last);
  }

  /** Time since the beginning. */
  public Duration elapsed() {
    return Duration.ofNanos(nanoTime.getAsLong() - startedNanos);
  }

  /** The most descriptors that were open at one time. */
  public long peakDescriptors() {
    return peakDescriptors;
  }

  private static double seconds(long nanos) {
    return Math.max(nanos, 1) / 1e9;
  }
}
