package io.sluice.frontier.inspect;

import io.sluice.core.lease.LeaseId;
import io.sluice.frontier.crawllog.CrawlLogReader.Entry;
import io.sluice.frontier.queue.QueuedUrl;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a frontier knows about a URL. Immutable.
 *
 * @param fate where the URL is, or how it ended
 * @param host the URL's host; null if the frontier never had a URL on it
 * @param admitted registered domains that belong to the crawl because seeds redirected there,
 *     limited to those that concern the URL
 */
public record Explanation(Fate fate, @Nullable HostFacts host, Set<String> admitted) {

  public Explanation {
    admitted = Set.copyOf(admitted);
  }

  /** How many links the URL is from a seed; 0 if it was never seen. */
  public int depth() {
    return switch (fate) {
      case Fate.NeverSeen(), Fate.SeenOnly() -> 0;
      case Fate.Queued queued -> queued.url().depth();
      case Fate.SetAside(var url) -> url.depth();
      case Fate.WaitsForRetry retry -> retry.url().depth();
      case Fate.Leased leased -> leased.url().depth();
      case Fate.Done done -> done.line().url().depth();
      case Fate.RefusedSeed(var line) -> line.url().depth();
    };
  }

  /** The fate of a URL. */
  public sealed interface Fate {

    /** The URL was never offered, or was refused as a link, which leaves no record. */
    record NeverSeen() implements Fate {}

    /**
     * The URL is waiting for a lease, indefinitely if its host was given up.
     *
     * @param position its place among the URLs of its host, from 1
     */
    record Queued(QueuedUrl url, long position) implements Fate {}

    /** The URL is set aside: the current settings refuse it, for the reason in {@code url}. */
    record SetAside(QueuedUrl url) implements Fate {}

    /**
     * The URL is waiting for another attempt.
     *
     * @param after remaining wait, in the crawl's running time
     */
    record WaitsForRetry(QueuedUrl url, Duration after) implements Fate {}

    /**
     * A lease on the URL is out: it is being visited, or its outcome is still to come from a
     * parser.
     */
    record Leased(QueuedUrl url, LeaseId lease) implements Fate {}

    /**
     * The URL ended.
     *
     * @param next the earliest time of its next visit; null if there is none
     */
    record Done(Entry line, @Nullable Instant next) implements Fate {}

    /** A seed that was refused; it may be accepted with other settings. */
    record RefusedSeed(Entry line) implements Fate {}

    /**
     * The URL was seen, is not waiting anywhere, and has no line in the crawl log, so that line
     * must have been removed.
     */
    record SeenOnly() implements Fate {}
  }
}
