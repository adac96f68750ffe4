package io.sluice.fetcher.http;

import io.sluice.fetcher.loop.Lane;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * The connections of one lane, by origin. An exchange takes an idle connection of its origin, or a
 * new one while the origin is below its bound, or waits its turn. For a new connection the host is
 * looked up first, which does not need a connection place; then the dial waits for a place of the
 * {@link ConnectionBudget}. The number of waiting exchanges is bounded by that of leases ({@code
 * fetcher.connections}), and each has a deadline.
 *
 * <p>Confined to its lane, except for {@link #wake} and {@link #closeLongestIdle}.
 */
final class ConnectionPool {
  private final LaneContext context;
  private final Lane lane;
  private final ConnectionBudget budget;

  private final Map<Origin, OriginQueue> queues = new HashMap<>();
  private final Set<Dial> waitingForBudget = new LinkedHashSet<>();
  private final Set<Exchange> exchanges = new LinkedHashSet<>();
  private final Set<HttpConnection> connections = new LinkedHashSet<>();

  /** Idle connections, longest idle first. */
  private final Set<HttpConnection> idle = new LinkedHashSet<>();

  /** Whether the pool has stopped, so that no exchange may begin. */
  private boolean stopped;

  ConnectionPool(LaneContext context, ConnectionBudget budget) {
    this.context = context;
    this.lane = context.lane();
    this.budget = budget;
    budget.add(this);
  }

  /** The context shared by all parts of this lane. */
  LaneContext context() {
    return context;
  }

  /**
   * Takes a connection place for one more attempt of a dial, unless none is left or exchanges are
   * waiting for one.
   */
  boolean takeExtraPlace() {
    return !budget.anyWaiting() && budget.tryTake();
  }

  /** Returns what {@link #takeExtraPlace} took. */
  void giveExtraPlace() {
    budget.release();
  }

  /** Begins an exchange. */
  void start(Exchange exchange) {
    lane.assertHere();
    if (stopped) {
      exchange.cancel();
      return;
    }
    exchanges.add(exchange);
    lane.sweep().watch(exchange);
    OriginQueue queue = queues.computeIfAbsent(exchange.origin, OriginQueue::new);
    queue.waiting.addLast(exchange);
    serve(queue);
  }

  /** Gives connections to an origin's waiting exchanges, as long as connections are available. */
  private void serve(OriginQueue queue) {
    while (!queue.waiting.isEmpty()) {
      HttpConnection connection = queue.idle.peekLast();
      boolean reusable = !queue.waiting.element().request.newConnection();
      if (connection != null && reusable) {
        reuse(queue, connection, queue.waiting.remove());
      } else if (queue.places < context.bounds().connectionsPerHost()) {
        dial(queue, queue.waiting.remove());
      } else {
        if (connection != null) {
          retire(queue, connection); // the queue is served again once the connection has closed
        }
        return;
      }
    }
    if (queue.places == 0) {
      queues.remove(queue.origin, queue);
    }
  }

  private void reuse(OriginQueue queue, HttpConnection connection, Exchange exchange) {
    if (exchange.request.leave().mayAsk(connection.address())) {
      queue.idle.remove(connection);
      leaveIdle(connection);
      exchange.sendOn(connection);
    } else {
      exchange.end(new HttpReply.Busy());
    }
  }

  /** Gives a connection place to a dial that has resolved its addresses, as soon as one is free. */
  void place(Dial dial) {
    if (!budget.tryTake()) {
      if (waitingForBudget.add(dial)) {
        budget.startWaiting();
      }
      if (!budget.tryTake()) {
        return;
      }
      hasBudget(dial);
    }
    dial.takePlace();
  }

  private void hasBudget(Dial dial) {
    if (waitingForBudget.remove(dial)) {
      budget.noLongerWaiting();
    }
  }

  private void dial(OriginQueue queue, Exchange exchange) {
    queue.places++;
    Dial dial = new Dial(this, exchange);
    exchange.dialling(dial);
    dial.start();
  }

  /** Converts to whole milliseconds, at least one, since 0 means no timeout to Netty. */
  static long millis(long nanos) {
    return Math.max(1, TimeUnit.NANOSECONDS.toMillis(nanos));
  }

  /** Called when a dial has succeeded. */
  void connected(Exchange exchange, HttpConnection connection) {
    context.metrics().opened();
    connections.add(connection);
    exchange.sendOn(connection);
    if (!connection.open()) {
      connection.gone(); // It closed too early for the exchange to notice.
    }
  }

  /** Called when a dial has failed or was abandoned. */
  void dialEnded(Dial dial, Origin origin) {
    hasBudget(dial);
    freePlace(origin);
    if (dial.placed()) {
      budget.release();
    }
  }

  /** Takes back a connection whose exchange is complete and which may carry another. */
  void release(HttpConnection connection) {
    OriginQueue queue = queues.get(connection.origin);
    if (queue == null || stopped || (budget.anyWaiting() && queue.waiting.isEmpty())) {
      connection.close();
      return;
    }
    queue.idle.addLast(connection);
    idle.add(connection);
    connection.rest();
    lane.sweep().watch(connection);
    context.metrics().idle(1);
    serve(queue);
  }

  private void leaveIdle(HttpConnection connection) {
    if (idle.remove(connection)) {
      lane.sweep().letGo(connection);
      context.metrics().idle(-1);
    }
  }

  /** Called when a connection has been closed by either side. */
  void closed(HttpConnection connection) {
    if (connections.remove(connection)) {
      context.metrics().closed();
      OriginQueue queue = queues.get(connection.origin);
      if (queue != null) {
        queue.idle.remove(connection);
      }
      leaveIdle(connection);
      freePlace(connection.origin);
      budget.release();
    }
  }

  private void freePlace(Origin origin) {
    OriginQueue queue = queues.get(origin);
    if (queue != null) {
      queue.places--;
      serve(queue);
    }
  }

  /**
   * Called when a kept connection turned out to be closed already when a request was sent on it.
   * Closes the origin's other idle connections, which are just as old.
   */
  void stale(Origin origin) {
    context.metrics().stale();
    OriginQueue queue = queues.get(origin);
    if (queue != null) {
      for (HttpConnection connection : queue.idle.toArray(new HttpConnection[0])) {
        retire(queue, connection);
      }
    }
  }

  private void retire(OriginQueue queue, HttpConnection connection) {
    queue.idle.remove(connection);
    leaveIdle(connection);
    connection.close();
  }

  /** Called when an exchange has ended. */
  void ended(Exchange exchange) {
    exchanges.remove(exchange);
    lane.sweep().letGo(exchange);
    OriginQueue queue = queues.get(exchange.origin);
    if (queue != null && queue.waiting.remove(exchange) && queue.waiting.isEmpty()) {
      serve(queue);
    }
  }

  /** Called when a place has become free in any pool. Thread-safe. */
  void wake() {
    lane.loop()
        .execute(
            () -> {
              // A place that is returned later wakes this pool again.
              while (!waitingForBudget.isEmpty() && budget.tryTake()) {
                Dial dial = waitingForBudget.iterator().next();
                hasBudget(dial);
                dial.takePlace();
              }
            });
  }

  /**
   * Closes the connection that has been idle longest, since another pool needs a place.
   * Thread-safe.
   */
  void closeLongestIdle() {
    lane.loop()
        .execute(
            () -> {
              if (!idle.isEmpty() && budget.anyWaiting()) {
                HttpConnection oldest = idle.iterator().next();
                OriginQueue queue = queues.get(oldest.origin);
                if (queue != null) {
                  retire(queue, oldest);
                }
              }
            });
  }

  /** Cancels requests that are not on the wire, and begins no more. */
  void cancelPending() {
    stopped = true;
    for (Exchange exchange : exchanges.toArray(new Exchange[0])) {
      if (!exchange.onTheWire()) {
        exchange.cancel();
      }
    }
  }

  /** Cancels every exchange, and closes the connections of those on the wire. */
  void abort() {
    stopped = true;
    for (Exchange exchange : exchanges.toArray(new Exchange[0])) {
      exchange.cancel();
    }
  }

  /** Cancels every exchange, and closes every connection. */
  void close() {
    abort();
    for (HttpConnection connection : connections.toArray(new HttpConnection[0])) {
      connection.close();
    }
  }

  /** The connections of an origin, and the exchanges that are waiting for one. */
  private static final class OriginQueue {
    private final Origin origin;
    private final Deque<Exchange> waiting = new ArrayDeque<>();

    /** Idle connections; the most recently used is taken first. */
    private final Deque<HttpConnection> idle = new ArrayDeque<>();

    /** Number of connections and of dials in progress. */
    private int places;

    OriginQueue(Origin origin) {
      this.origin = origin;
    }
  }
}
