package io.sluice.frontier.shard;

import io.sluice.core.config.RecrawlSettings;
import io.sluice.core.lease.Settlement.Done;
import io.sluice.frontier.queue.Calendar;
import io.sluice.frontier.queue.HostQueue;
import io.sluice.frontier.queue.PackedUrl;
import io.sluice.frontier.queue.Revisit;
import io.sluice.frontier.recrawl.RecrawlPolicy;
import io.sluice.frontier.state.Event.Plan;
import io.sluice.frontier.state.Event.RevisitsMoved;
import io.sluice.frontier.state.Event.RevisitsWoken;
import io.sluice.frontier.state.ShardStore;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Plans further visits to pages, and queues the pages when they are due, by the time of day. If
 * recrawling is off, it does nothing, and visits planned by an earlier run stay planned. An earlier
 * run's clock may have been ahead, so before the first visits, each planned time is moved back to
 * the latest that the present clock allows. Confined to its shard's thread.
 */
final class Recrawler {

  private static final Logger log = LoggerFactory.getLogger(Recrawler.class);

  /** Maximum number of pages queued in one turn, so that messages are not kept waiting. */
  private static final int WOKEN_A_TURN = 1024;

  private final ShardStore store;
  private final RecrawlPolicy policy;
  private final InstantSource clock;
  private boolean broughtBack;

  Recrawler(ShardStore store, RecrawlSettings settings, InstantSource clock) {
    this.store = store;
    this.policy = new RecrawlPolicy(settings);
    this.clock = clock;
    calendar()
        .takeWoken(); // drops the hosts woken by replayed events: the issuer restores all hosts
  }

  private Calendar calendar() {
    return store.state().calendar();
  }

  /** When the URL of a lease that ends this way is to be visited again; null for never. */
  @Nullable Plan plan(LiveLease lease, Done done) {
    if (!policy.enabled()) {
      return null;
    }
    Revisit former = lease.queued().revisit();
    Revisit next = policy.next(former, done.end(), done.version());
    return next == null ? null : new Plan(RecrawlPolicy.dueSecond(clock.instant(), next), next);
  }

  /** Queues the pages that are due, or as many as one turn allows. */
  void wake(long nowNanos, Issuer issuer) throws IOException {
    if (!policy.enabled() || calendar().size() == 0) {
      return;
    }
    if (!broughtBack) {
      broughtBack = true;
      bringBack();
    }
    long second = clock.instant().getEpochSecond();
    int left = WOKEN_A_TURN;
    while (left > 0 && calendar().firstDue() <= second) {
      int count = (int) Math.min(left, calendar().firstCount());
      store.commit(new RevisitsWoken(count));
      left -= count;
    }
    for (HostQueue host : calendar().takeWoken()) {
      issuer.holds().queued(host);
      issuer.update(host, nowNanos);
    }
  }

  /**
   * Moves each due time that is too late back to the time at which a page visited now would be due.
   * The pages of a bucket usually have the same interval, so the first page stands for all.
   */
  private void bringBack() throws IOException {
    Instant now = clock.instant();
    int moved = 0;
    for (Map.Entry<Long, HostQueue> bucket : new TreeMap<>(calendar().byTime()).entrySet()) {
      PackedUrl first = calendar().firstOf(bucket.getValue());
      Revisit revisit = first == null ? null : first.unpack().revisit();
      long latest = revisit == null ? Long.MAX_VALUE : RecrawlPolicy.dueSecond(now, revisit);
      long free = latest < bucket.getKey() ? freeFrom(latest) : latest;
      if (free < bucket.getKey()) { // a bucket moved earlier may already use that second
        store.commit(new RevisitsMoved(bucket.getKey(), free));
        moved++;
      }
    }
    if (moved > 0) {
      log.info(
          "revisits had been planned by a clock that ran ahead; moved {} due times back", moved);
    }
  }

  private long freeFrom(long second) {
    long free = second;
    while (calendar().byTime().containsKey(free)) {
      free++;
    }
    return free;
  }

  /**
   * The time until the next page is due, in nanoseconds; {@link Long#MAX_VALUE} if there is none.
   */
  long untilNext() {
    if (!policy.enabled() || calendar().size() == 0) {
      return Long.MAX_VALUE;
    }
    Instant due = Instant.ofEpochSecond(calendar().firstDue());
    Duration until = Duration.between(clock.instant(), due);
    return until.isNegative() ? 0 : until.toNanos();
  }

  /** The number of planned visits, which keep the crawl alive; 0 if recrawling is off. */
  long planned() {
    return policy.enabled() ? calendar().size() : 0;
  }
}
