package io.sluice.fetcher.http;

import io.netty.channel.ChannelException;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.SocketChannel;
import io.sluice.core.resource.ResourceKind;
import io.sluice.fetcher.dns.NameResolver;
import io.sluice.fetcher.guard.AddressGuard;
import io.sluice.fetcher.loop.DescriptorShortage;
import io.sluice.fetcher.loop.EventLoops;
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
 * new one while the origin has fewer than its bound and the {@link ConnectionBudget} has a place,
 * or waits in turn. Exchanges that wait are leases, which {@code fetcher.connections} bounds, and
 * each has a deadline.
 *
 * <p>Confined to its lane, {@link #wake} and {@link #spareOne} excepted.
 */
final class ConnectionPool {
  private static final String OWNER = "fetcher.http";

  private final EventLoops loops;
  private final Lane lane;
  private final NameResolver resolver;
  private final AddressGuard guard;
  private final Tls tls;
  private final HttpBounds bounds;
  private final ConnectionBudget budget;
  private final BodyBudget bodies;
  private final HttpMetrics metrics;
  private final DescriptorShortage shortage;

  private final Map<Origin, Line> lines = new HashMap<>();
  private final Set<Line> starved = new LinkedHashSet<>();
  private final Set<Exchange> exchanges = new LinkedHashSet<>();
  private final Set<HttpConnection> connections = new LinkedHashSet<>();

  /** The idle ones, the longest idle first. */
  private final Set<HttpConnection> idle = new LinkedHashSet<>();

  /** Whether nothing new may begin. */
  private boolean stopped;

  ConnectionPool(
      EventLoops loops,
      Lane lane,
      NameResolver resolver,
      AddressGuard guard,
      Tls tls,
      HttpBounds bounds,
      ConnectionBudget budget,
      BodyBudget bodies,
      HttpMetrics metrics,
      DescriptorShortage shortage) {
    this.loops = loops;
    this.lane = lane;
    this.resolver = resolver;
    this.guard = guard;
    this.tls = tls;
    this.bounds = bounds;
    this.budget = budget;
    this.bodies = bodies;
    this.metrics = metrics;
    this.shortage = shortage;
    budget.add(this);
  }

  HttpBounds bounds() {
    return bounds;
  }

  NameResolver resolver() {
    return resolver;
  }

  AddressGuard guard() {
    return guard;
  }

  Tls tls() {
    return tls;
  }

  BodyBudget bodies() {
    return bodies;
  }

  /** A body waits for memory. */
  void heldUp() {
    metrics.heldUp();
  }

  DescriptorShortage shortage() {
    return shortage;
  }

  /** Does something on the lane some time later. */
  void later(long millis, Runnable what) {
    var _ = lane.loop().schedule(what, millis, TimeUnit.MILLISECONDS);
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
    Line line = lines.computeIfAbsent(exchange.origin, Line::new);
    line.waiting.addLast(exchange);
    serve(line);
  }

  /** Gives connections to the exchanges that wait for an origin, as far as there are any. */
  private void serve(Line line) {
    while (!line.waiting.isEmpty()) {
      HttpConnection connection = line.idle.peekLast();
      if (connection != null) {
        reuse(line, connection, line.waiting.remove());
      } else if (line.places < bounds.connectionsPerHost() && takePlace(line)) {
        dial(line, line.waiting.remove());
      } else {
        return;
      }
    }
    if (line.places == 0) {
      lines.remove(line.origin);
    }
  }

  private void reuse(Line line, HttpConnection connection, Exchange exchange) {
    if (exchange.request.mayAsk().test(connection.address())) {
      line.idle.remove(connection);
      leaveIdle(connection);
      exchange.sendOn(connection);
    } else {
      exchange.end(new HttpReply.Busy());
    }
  }

  private boolean takePlace(Line line) {
    if (budget.tryTake()) {
      return true;
    }
    if (starved.add(line)) {
      budget.starve();
    }
    if (!budget.tryTake()) {
      return false;
    }
    fed(line);
    return true;
  }

  private void fed(Line line) {
    if (starved.remove(line)) {
      budget.fed();
    }
  }

  private void dial(Line line, Exchange exchange) {
    line.places++;
    Dial dial = new Dial(this, exchange);
    exchange.dialling(dial);
    dial.start();
  }

  /**
   * Opens a channel for a dial and enters it in the ledger.
   *
   * @throws ChannelException if the system gives no socket
   */
  SocketChannel openChannel(ResourceKind kind) {
    SocketChannel channel = loops.newSocketChannel();
    channel.config().setOption(ChannelOption.TCP_NODELAY, true);
    channel.config().setConnectTimeoutMillis(bounds.connectMillis());
    ChannelFuture registered = lane.loop().register(channel);
    if (registered.cause() != null) {
      throw new ChannelException(registered.cause());
    }
    loops.enter(channel, kind, OWNER);
    return channel;
  }

  /** A dial succeeded. */
  void connected(Exchange exchange, HttpConnection connection) {
    metrics.opened();
    connections.add(connection);
    exchange.sendOn(connection);
    if (!connection.open()) {
      connection.gone(); // It closed before it could be told so.
    }
  }

  /** A dial failed or was abandoned. */
  void dialEnded(Origin origin) {
    leavePlace(origin);
  }

  /** A connection's exchange is complete, and the connection may carry another. */
  void release(HttpConnection connection) {
    Line line = lines.get(connection.origin);
    if (line == null || stopped || (budget.starving() && line.waiting.isEmpty())) {
      connection.close();
      return;
    }
    line.idle.addLast(connection);
    idle.add(connection);
    connection.rest();
    lane.sweep().watch(connection);
    metrics.idle(1);
    serve(line);
  }

  private void leaveIdle(HttpConnection connection) {
    if (idle.remove(connection)) {
      lane.sweep().letGo(connection);
      metrics.idle(-1);
    }
  }

  /** A connection has closed, whoever closed it. */
  void closed(HttpConnection connection) {
    if (connections.remove(connection)) {
      metrics.closed();
      Line line = lines.get(connection.origin);
      if (line != null) {
        line.idle.remove(connection);
      }
      leaveIdle(connection);
      leavePlace(connection.origin);
    }
  }

  private void leavePlace(Origin origin) {
    Line line = lines.get(origin);
    if (line != null) {
      line.places--;
      serve(line);
    }
    budget.release();
  }

  /**
   * A reused connection turned out to be closed before it read the request: the exchange gets a new
   * one. The origin's idle connections are as old, and are closed.
   */
  void startOver(Exchange exchange) {
    exchange.startOver();
    if (stopped) {
      exchange.cancel();
      return;
    }
    metrics.stale();
    Line line = lines.computeIfAbsent(exchange.origin, Line::new);
    line.waiting.addFirst(exchange);
    for (HttpConnection connection : line.idle.toArray(new HttpConnection[0])) {
      retire(line, connection);
    }
    serve(line);
  }

  private void retire(Line line, HttpConnection connection) {
    line.idle.remove(connection);
    leaveIdle(connection);
    connection.close();
  }

  /** An exchange has ended. */
  void ended(Exchange exchange) {
    exchanges.remove(exchange);
    lane.sweep().letGo(exchange);
    Line line = lines.get(exchange.origin);
    if (line != null && line.waiting.remove(exchange) && line.waiting.isEmpty()) {
      fed(line);
      serve(line);
    }
  }

  /** A place has become free somewhere. May be called on any thread. */
  void wake() {
    lane.loop()
        .execute(
            () -> {
              for (Line line : starved.toArray(new Line[0])) {
                fed(line);
                serve(line);
              }
            });
  }

  /** Somebody needs a place: the longest idle connection is closed. May be called on any thread. */
  void spareOne() {
    lane.loop()
        .execute(
            () -> {
              if (!idle.isEmpty() && budget.starving()) {
                HttpConnection oldest = idle.iterator().next();
                Line line = lines.get(oldest.origin);
                if (line != null) {
                  retire(line, oldest);
                }
              }
            });
  }

  /** Begins nothing more, and cancels what is not on the wire. */
  void cancelPending() {
    stopped = true;
    for (Exchange exchange : exchanges.toArray(new Exchange[0])) {
      if (!exchange.onTheWire()) {
        exchange.cancel();
      }
    }
  }

  /** Cancels every exchange; the connections of those on the wire close. */
  void abort() {
    stopped = true;
    for (Exchange exchange : exchanges.toArray(new Exchange[0])) {
      exchange.cancel();
    }
  }

  /** Aborts, and closes every connection. */
  void close() {
    abort();
    for (HttpConnection connection : connections.toArray(new HttpConnection[0])) {
      connection.close();
    }
  }

  /** Who is connected and who waits for an origin. */
  private static final class Line {
    private final Origin origin;
    private final Deque<Exchange> waiting = new ArrayDeque<>();

    /** The last one to have become idle is taken first. */
    private final Deque<HttpConnection> idle = new ArrayDeque<>();

    /** Connections, and dials under way. */
    private int places;

    Line(Origin origin) {
      this.origin = origin;
    }
  }
}
