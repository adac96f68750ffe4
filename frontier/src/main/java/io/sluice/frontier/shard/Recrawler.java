package io.sluice.frontier.shard;

import io.sluice.core.config.RecrawlSettings;
import io.sluice.core.lease.Settlement.Done;
import io.sluice.frontier.queue.HostQueue;
import io.sluice.frontier.queue.Revisit;
import io.sluice.frontier.recrawl.Calendar;
import io.sluice.frontier.recrawl.RecrawlPolicy;
import io.sluice.frontier.shard.Event.Plan;
import io.sluice.frontier.shard.Event.Woken;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/**
 * Plans visits to pages that were visited, and queues them when they are due, by the time of day.
 * Where nothing is to be visited again it does nothing, and what an earlier run planned stays where
 * it is. Confined to its shard's thread.
 */
final class Recrawler {

  /** Pages queued in one turn at most, so that messages are not kept waiting. */
  private static final int WOKEN_A_TURN = 1024;

  private final ShardStore store;
  private final RecrawlPolicy policy;
  private final InstantSource clock;

  Recrawler(ShardStore store, RecrawlSettings settings, InstantSource clock) {
    this.store = store;
    this.policy = new RecrawlPolicy(settings);
    this.clock = clock;
    calendar().takeWoken(); // by events that were replayed: the issuer takes up all hosts
  }

  private Calendar calendar() {
    return store.state().calendar();
  }

  /** When the URL of a lease that ends so is visited again; null for never. */
  @Nullable Plan plan(OpenLease lease, Done done) {
    if (!policy.enabled()) {
      return null;
    }
    Revisit former = lease.url().unpack().revisit();
    Revisit next = policy.next(former, done.end(), done.version());
    return next == null ? null : new Plan(RecrawlPolicy.dueSecond(clock.instant(), next), next);
  }

  /** Queues the pages that are due, or as many of them as there is time for. */
  void wake(long nowNanos, Issuer issuer) throws IOException {
    if (!policy.enabled() || calendar().size() == 0) {
      return;
    }
    long second = clock.instant().getEpochSecond();
    int left = WOKEN_A_TURN;
    while (left > 0 && calendar().firstSecond() <= second) {
      int count = (int) Math.min(left, calendar().firstCount());
      store.commit(new Woken(count));
      left -= count;
    }
    for (HostQueue host : calendar().takeWoken()) {
      issuer.update(host, nowNanos);
    }
  }

  /** From now until pages are due, in nanoseconds; {@link Long#MAX_VALUE} if none ever are. */
  long untilNext() {
    if (!policy.enabled() || calendar().size() == 0) {
      return Long.MAX_VALUE;
    }
    Instant due = Instant.ofEpochSecond(calendar().firstSecond());
    Duration until = Duration.between(clock.instant(), due);
    return until.isNegative() ? 0 : until.toNanos();
  }

  /** Pages that wait and keep the crawl alive. */
  long planned() {
    return policy.enabled() ? calendar().size() : 0;
  }
}
