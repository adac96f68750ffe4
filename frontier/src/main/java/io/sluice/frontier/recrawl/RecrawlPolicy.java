package io.sluice.frontier.recrawl;

import io.sluice.core.config.RecrawlSettings;
import io.sluice.core.lease.PageVersion;
import io.sluice.core.lease.UrlEnd;
import io.sluice.frontier.queue.Revisit;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether and when a URL whose visit has ended is visited again. The interval begins at
 * {@code recrawl.after}; each visit that finds the page changed halves it, and a visit that does
 * not find a change doubles it, within the bounds. A page that has changed at every second visit
 * thus keeps its interval, and one that never changes is visited less and less often. Immutable.
 */
public final class RecrawlPolicy {

  private static final int NOT_FOUND = 404;
  private static final int GONE = 410;

  /** A page may be visited late by at most its interval divided by this number. */
  private static final int LATENESS = 16;

  private final boolean enabled;
  private final long firstSeconds;
  private final long shortestSeconds;
  private final long longestSeconds;

  public RecrawlPolicy(RecrawlSettings settings) {
    this.enabled = settings.enabled();
    this.firstSeconds = seconds(settings.after());
    this.shortestSeconds = Math.min(firstSeconds, seconds(settings.shortest()));
    this.longestSeconds = Math.max(firstSeconds, seconds(settings.longest()));
  }

  private static long seconds(Duration duration) {
    return Math.max(1, duration.toSeconds());
  }

  /** Whether pages are visited again at all. */
  public boolean enabled() {
    return enabled;
  }

  /**
   * What to store for the next visit; null if there will be none.
   *
   * @param former what was stored for the visit that ended; null if it was the first
   * @param found the version that the host sent; null if unknown
   */
  public @Nullable Revisit next(@Nullable Revisit former, UrlEnd end, @Nullable PageVersion found) {
    if (!enabled) {
      return null;
    }
    return switch (end.ending()) {
      case PAGE -> afterPage(former, end.status(), found);
      case UNCHANGED, REDIRECTED, ROBOTS_DENIED, FAILED -> former == null ? null : later(former);
      // A URL that is refused after a change of settings stays refused.
      case REFUSED -> null;
    };
  }

  /**
   * What to store after a page was sent. An error page is now the URL's last record: the earlier
   * validators must not be used, since a 304 would then refer to a page that is not the last
   * record.
   */
  private Revisit afterPage(@Nullable Revisit former, int status, @Nullable PageVersion found) {
    if (status == NOT_FOUND || status == GONE) {
      return new Revisit(longestSeconds, null);
    }
    return status / 100 == 2
        ? new Revisit(interval(former, found), found)
        : new Revisit(firstSeconds, null);
  }

  private long interval(@Nullable Revisit former, @Nullable PageVersion found) {
    if (former == null || former.version() == null || found == null) {
      return firstSeconds;
    }
    long seconds = former.intervalSeconds();
    return within(found.sameContent(former.version()) ? 2 * seconds : seconds / 2);
  }

  /** What to store if the page was not sent, which counts as unchanged. */
  private Revisit later(Revisit former) {
    return new Revisit(within(2 * former.intervalSeconds()), former.version());
  }

  private long within(long seconds) {
    return Math.clamp(seconds, shortestSeconds, longestSeconds);
  }

  /**
   * When a page is due, in seconds since 1970: never early, and late by at most a sixteenth of its
   * interval, so that there are few different times.
   */
  public static long dueSecond(Instant visited, Revisit revisit) {
    long grain = Math.max(1, Long.highestOneBit(revisit.intervalSeconds() / LATENESS));
    long begun = visited.getEpochSecond() + (visited.getNano() > 0 ? 1 : 0);
    return Math.ceilDiv(begun + revisit.intervalSeconds(), grain) * grain;
  }
}
