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
 * {@code recrawl.after}; each visit that finds the page changed halves it, each that does not
 * doubles it, within the bounds. So a page that is found changed at every other visit keeps its
 * interval, and one that never changes costs less and less. Immutable.
 */
public final class RecrawlPolicy {

  private static final int NOT_FOUND = 404;
  private static final int GONE = 410;

  /** A page is visited again at most so late, as a part of its interval. */
  private static final int LATENESS = 16;

  private final boolean enabled;
  private final long firstSeconds;
  private final long shortestSeconds;
  private final long longestSeconds;

  /** The policy by these settings. */
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
   * What to remember for the next visit; null if there is none.
   *
   * @param former what was remembered for the visit that ended; null if it was the first
   * @param found the version that it was sent; null where nobody can tell
   */
  public @Nullable Revisit next(@Nullable Revisit former, UrlEnd end, @Nullable PageVersion found) {
    if (!enabled) {
      return null;
    }
    return switch (end.ending()) {
      case PAGE -> afterPage(former, end.status(), found);
      case UNCHANGED, REDIRECTED, ROBOTS_DENIED, FAILED -> former == null ? null : later(former);
      // What edited settings refuse stays refused.
      case REFUSED -> null;
    };
  }

  /**
   * An error page was sent, and is the URL's last record: by what was known of the page before,
   * nobody may be told that nothing has changed.
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

  /** The page was not sent: as far as anybody knows it is as it was. */
  private Revisit later(Revisit former) {
    return new Revisit(within(2 * former.intervalSeconds()), former.version());
  }

  private long within(long seconds) {
    return Math.clamp(seconds, shortestSeconds, longestSeconds);
  }

  /**
   * When a page is due, in seconds since 1970: never early, and late by a sixteenth of its interval
   * at most, so that there are few different times.
   */
  public static long dueSecond(Instant visited, Revisit revisit) {
    long grain = Math.max(1, Long.highestOneBit(revisit.intervalSeconds() / LATENESS));
    long begun = visited.getEpochSecond() + (visited.getNano() > 0 ? 1 : 0);
    return Math.ceilDiv(begun + revisit.intervalSeconds(), grain) * grain;
  }
}
