package io.sluice.frontier.shard;

import io.sluice.core.lease.UrlEnd;
import io.sluice.frontier.queue.PackedUrl;
import io.sluice.frontier.queue.Revisit;
import io.sluice.frontier.scope.PrefixRule;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A change of a shard's state, as the journal records it. */
sealed interface Event {

  /** A host was found; its number is the count of hosts before it. */
  record HostAdded(String name) implements Event {}

  /** A host's robots.txt asks for this much. */
  record CrawlDelayChanged(int host, Duration delay) implements Event {}

  /**
   * An offer was accepted: the URL is seen and queued.
   *
   * @param prefix its path prefix, charged for it; {@link PrefixRule#NONE} for none
   */
  record Queued(int host, long fingerprint, long prefix, PackedUrl url) implements Event {}

  /** A seed was refused: it goes to the crawl log, once. */
  record SeedRefused(long fingerprint, PackedUrl url, String reason, Instant at) implements Event {}

  /** Leases up to this sequence may be issued. */
  record Reserved(long upTo) implements Event {}

  /**
   * A lease went out on the host's first queued URL or, unless {@code retryOf} is 0, on the URL
   * that waited for a retry since that lease.
   */
  record Leased(long sequence, int host, long retryOf) implements Event {}

  /**
   * A lease's URL ended; what was accepted of its offers is seen and queued.
   *
   * @param plan when it is visited again; null for never
   */
  record Done(long sequence, UrlEnd end, List<Queued> accepted, @Nullable Plan plan)
      implements Event {
    public Done {
      accepted = List.copyOf(accepted);
    }
  }

  /** A page is visited again from then on (seconds since 1970), with what is remembered of it. */
  record Plan(long dueSecond, Revisit revisit) {}

  /** So many of the pages that are due first, all of one time, are queued at their hosts. */
  record Woken(int count) implements Event {}

  /** A lease's URL waits to be visited again, an attempt counted. */
  record Retried(long sequence, Duration after) implements Event {}

  /** A lease's URL is the first of its host again. */
  record GivenBack(long sequence) implements Event {}
}
