package io.sluice.frontier.state;

import io.sluice.core.lease.Reason;
import io.sluice.core.lease.UrlEnd;
import io.sluice.frontier.hold.HostState;
import io.sluice.frontier.hold.HostState.GivenUp;
import io.sluice.frontier.queue.PackedUrl;
import io.sluice.frontier.queue.Revisit;
import io.sluice.frontier.scope.PrefixRule;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A change of a shard's state, as the journal records it. */
public sealed interface Event {

  /** A host was found; its number is the count of hosts before it. */
  record HostAdded(String name) implements Event {}

  /** A host's robots.txt requests this crawl-delay. */
  record CrawlDelayChanged(int host, Duration delay) implements Event {}

  /**
   * A host's state has changed because of a visit.
   *
   * @param runningMillis the crawl's running time
   */
  record HostChanged(int host, HostState state, long runningMillis) implements Event {}

  /**
   * A host was given up with {@code urls} URLs, which stay on disk; the crawl log has a line for
   * it.
   */
  record HostGivenUp(int host, GivenUp state, long urls, Instant at) implements Event {}

  /**
   * A host is left alone for longer than its delay, by the time of day.
   *
   * @param reason {@code retry-after}, {@code back-off} or {@code slow}
   */
  record LeftAlone(String host, Instant at, Instant until, String reason) implements Event {

    /** Whether the host requested the pause. */
    boolean asked() {
      return reason.equals(Reason.RETRY_AFTER.word());
    }

    /**
     * The remaining part of the pause; at most its whole length, even if the clock was set back.
     */
    public Duration rest(Instant now) {
      Duration whole = Duration.between(at, until);
      Duration left = Duration.between(now, until);
      return left.isNegative() ? Duration.ZERO : left.compareTo(whole) > 0 ? whole : left;
    }
  }

  /**
   * A request to a host ended without giving a URL its final status: it fetched robots.txt, for
   * example, or its URL will be retried. The crawl log has a line for it.
   */
  record Asked(String host, Instant at, long millis) implements Event {}

  /** A registered domain belongs to the crawl because a seed redirected to it. */
  record DomainAdmitted(String domain) implements Event {}

  /**
   * An offer was accepted: the URL is seen and queued.
   *
   * @param prefix the path prefix whose budget it is charged to; {@link PrefixRule#NONE} for none
   * @param how where it is queued, and whether for the first time
   */
  record Queued(int host, long fingerprint, long prefix, How how, PackedUrl url) implements Event {
    public enum How {
      /** A new URL, queued in the class of its priority. */
      NEW,
      /** A URL seen before, queued again in the class of its priority. */
      AGAIN,
      /** A URL set aside, because the current settings refuse it. */
      SET_ASIDE
    }
  }

  /** A seed was refused; the crawl log gets one line for it. */
  record SeedRefused(long fingerprint, PackedUrl url, String reason, Instant at) implements Event {}

  /** Leases up to and including this sequence may be issued. */
  record Reserved(long upTo) implements Event {}

  /**
   * A lease was issued on the host's first queued URL.
   *
   * @param setAside whether the lease is instead on the first URL that was set aside, which is to
   *     be judged again
   * @param correction the change to the attempts counted so far
   */
  record Leased(long sequence, int host, boolean setAside, int correction) implements Event {}

  /**
   * A lease's URL ended; the offers accepted from it are marked seen and queued.
   *
   * @param plan when it is visited again; null for never
   * @param again the URL's fingerprint if it had been queued {@link Queued.How#AGAIN}; else 0
   */
  record Done(long sequence, UrlEnd end, List<Queued> accepted, @Nullable Plan plan, long again)
      implements Event {
    public Done {
      accepted = List.copyOf(accepted);
    }

    /** Creates the end of a URL that was not queued {@link Queued.How#AGAIN}. */
    public Done(long sequence, UrlEnd end, List<Queued> accepted, @Nullable Plan plan) {
      this(sequence, end, accepted, plan, 0);
    }
  }

  /**
   * When a page is to be visited again, in seconds since 1970, and the data stored about the page.
   */
  record Plan(long dueSecond, Revisit revisit) {}

  /** {@code count} of the pages with the earliest due time are queued at their hosts. */
  record RevisitsWoken(int count) implements Event {}

  /** The pages that are due at one time are now due at another (seconds since 1970). */
  record RevisitsMoved(long fromSecond, long toSecond) implements Event {}

  /**
   * A lease's URL waits for another attempt; this attempt counts.
   *
   * @param dueMillis when the wait ends, in the crawl's running time
   */
  record Retried(long sequence, long dueMillis, String reason) implements Event {}

  /** {@code count} of the retries with the earliest due time are queued at their hosts. */
  record RetriesWoken(int count, long runningMillis) implements Event {}

  /**
   * A lease's URL is queued behind its host's others, without counting an attempt, since the
   * failure is attributed to the host.
   */
  record Postponed(long sequence, String reason) implements Event {}

  /** A lease's URL is set aside, because the current settings refuse it. */
  record SetAside(long sequence, String reason) implements Event {}

  /** A lease's URL redirected to itself; it goes to the head of its host's queue. */
  record HoppedBack(long sequence) implements Event {}

  /** A lease's URL goes back to the head of its host's queue. */
  record GivenBack(long sequence) implements Event {}
}
