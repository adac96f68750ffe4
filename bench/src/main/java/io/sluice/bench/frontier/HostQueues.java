package io.sluice.bench.frontier;

import io.sluice.core.lease.Offer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The queues of one lane's hosts, served in turn. Confined to the lane's thread, except while the
 * store is read at startup; the counts may be read only while no task is in flight.
 */
final class HostQueues {

  static final char SEPARATOR = '_';

  /** Number of URLs leased from a queue at its turn. */
  private static final int URLS_A_TURN = 10;

  private final QueueStore store;
  private final Map<String, Queue> queues = new HashMap<>();
  private final ArrayDeque<Queue> turns = new ArrayDeque<>();
  private final Set<String> leased = new HashSet<>();
  private long accepted;
  private long seen;
  private long settled;

  /** The state of a queue that URLFrontier keeps in memory. */
  private static final class Queue {
    final String host;
    int active;
    boolean waiting;

    Queue(String host) {
      this.host = host;
    }
  }

  /**
   * @param store borrowed
   */
  HostQueues(QueueStore store) {
    this.store = store;
  }

  /** Counts a scheduled URL of the host that was found at startup. */
  void recoverScheduled(String host) {
    activate(queue(host));
  }

  /**
   * Creates the host's queue for a URL that is done: the queue exists even if all of its URLs are
   * done.
   */
  void recoverDone(String host) {
    var _ = queue(host);
  }

  private Queue queue(String host) {
    return queues.computeIfAbsent(host, Queue::new);
  }

  private void activate(Queue queue) {
    queue.active++;
    if (!queue.waiting) {
      queue.waiting = true;
      turns.add(queue);
    }
  }

  /**
   * Queues the URLs that are not yet known.
   *
   * @param date when they may be fetched, in seconds since the epoch
   */
  void offer(List<Offer> offers, long date) throws Exception {
    for (Offer offer : offers) {
      String host = offer.url().host();
      String url = offer.url().href();
      String known = host + SEPARATOR + url;
      String metadata = offer.depth() + " " + offer.via();
      if (store.add(known, host + SEPARATOR + date + SEPARATOR + url, metadata)) {
        accepted++;
        activate(queue(host));
      } else {
        seen++;
      }
    }
  }

  /** Leases and settles up to {@code count} URLs, taken from each queue in turn. */
  void leaseAndSettle(int count) throws Exception {
    int left = count;
    while (left > 0 && !turns.isEmpty()) {
      Queue queue = turns.remove();
      left -= turn(queue, Math.min(left, URLS_A_TURN));
      queue.waiting = queue.active > 0;
      if (queue.waiting) {
        turns.add(queue);
      }
    }
  }

  private int turn(Queue queue, int max) throws Exception {
    List<String> leases = lease(queue.host + SEPARATOR, max);
    for (String url : leases) {
      store.done(queue.host + SEPARATOR + url);
      leased.remove(url);
    }
    queue.active -= leases.size();
    settled += leases.size();
    return leases.size();
  }

  private List<String> lease(String prefix, int max) throws Exception {
    List<String> urls = new ArrayList<>(max);
    for (String key : store.head(prefix, max)) {
      String url = key.substring(key.indexOf(SEPARATOR, prefix.length()) + 1);
      if (leased.add(url)) {
        urls.add(url);
      }
    }
    return urls;
  }

  /** The number of offers that were queued. */
  long accepted() {
    return accepted;
  }

  /** The number of offers whose URL was already known. */
  long seen() {
    return seen;
  }

  /** The number of settled leases. */
  long settled() {
    return settled;
  }
}
