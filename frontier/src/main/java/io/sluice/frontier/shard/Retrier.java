package io.sluice.frontier.shard;

import io.sluice.frontier.queue.Calendar;
import io.sluice.frontier.queue.HostQueue;
import io.sluice.frontier.state.Event.RetriesWoken;
import io.sluice.frontier.state.ShardStore;
import java.io.IOException;
import java.time.Duration;

/**
 * Queues the URLs whose next attempt is due, by the crawl's running time, so that a wait continues
 * after a restart and is never shortened. Confined to its shard's thread.
 */
final class Retrier {

  /** Maximum number of URLs queued in one turn, so that messages are not kept waiting. */
  private static final int WOKEN_A_TURN = 1024;

  /**
   * A retry may be late by at most its wait divided by this number, so that there are few different
   * due times.
   */
  private static final int LATENESS = 16;

  private static final Duration FIRST_STRIKE = Duration.ofSeconds(2);
  private static final Duration LONGEST_STRIKE = Duration.ofHours(1);

  private final ShardStore store;

  Retrier(ShardStore store) {
    this.store = store;
    calendar()
        .takeWoken(); // drops the hosts woken by replayed events: the issuer restores all hosts
  }

  private Calendar calendar() {
    return store.state().retries();
  }

  /**
   * When a wait that begins at {@code nowMillis} is over, in milliseconds of running time; never
   * too early.
   */
  static long due(long nowMillis, Duration wait) {
    long millis = Math.max(0, wait.toMillis());
    long grain = Math.max(1, Long.highestOneBit(millis / LATENESS));
    return Math.ceilDiv(nowMillis + millis + 1, grain) * grain;
  }

  /**
   * How long a URL waits after the fetcher process crashed while fetching it: four times as long
   * after each attempt, up to an hour. A URL that crashes the fetcher is thus requested less and
   * less often, while other URLs make progress.
   */
  static Duration strikePause(int attempts) {
    int doublings = 2 * Math.min(attempts, 10);
    Duration pause = FIRST_STRIKE.multipliedBy(1L << doublings);
    return pause.compareTo(LONGEST_STRIKE) < 0 ? pause : LONGEST_STRIKE;
  }

  /** Queues the URLs that are due, or as many as one turn allows. */
  void wake(long nowNanos, Issuer issuer) throws IOException {
    long millis = issuer.holds().runningMillis();
    int left = WOKEN_A_TURN;
    while (left > 0 && calendar().firstDue() <= millis) {
      int count = (int) Math.min(left, calendar().firstCount());
      store.commit(new RetriesWoken(count, millis));
      left -= count;
    }
    for (HostQueue host : calendar().takeWoken()) {
      issuer.update(host, nowNanos);
    }
  }

  /**
   * The time until the next URL is due, in nanoseconds; {@link Long#MAX_VALUE} if there is none.
   */
  long untilNext(Holds holds) {
    return calendar().size() == 0 ? Long.MAX_VALUE : holds.untilNanos(calendar().firstDue());
  }
}
