package io.sluice.core.redis;

import io.lettuce.core.api.async.RedisAsyncCommands;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Checks the pool's connections, a few times in each command timeout: closes those that do not
 * answer, probes those that have been idle for {@value #IDLE_SECONDS} seconds, and logs holders
 * that keep one for more than {@value #OVERDUE_SECONDS} seconds without having announced it.
 *
 * <p>Confined to the pool's I/O thread, except for {@link #holders}.
 */
final class ConnectionWatch {

  private static final Logger log = LoggerFactory.getLogger(ConnectionWatch.class);
  private static final int IDLE_SECONDS = 15;
  private static final int OVERDUE_SECONDS = 60;
  private static final long IDLE_NANOS = TimeUnit.SECONDS.toNanos(IDLE_SECONDS);
  private static final long OVERDUE_NANOS = TimeUnit.SECONDS.toNanos(OVERDUE_SECONDS);
  private static final long SHORTEST_PERIOD_MILLIS = 20;
  private static final long LONGEST_PERIOD_MILLIS = 1_000;

  private final RedisPool pool;
  private final Connections connections;
  private final IoThread io;
  private final PoolMetrics metrics;
  private final long timeoutNanos;
  private boolean stopped;
  private volatile List<PooledConnection.Holding> holdings = List.of();

  ConnectionWatch(
      RedisPool pool,
      Connections connections,
      IoThread io,
      PoolMetrics metrics,
      Duration commandTimeout) {
    this.pool = pool;
    this.connections = connections;
    this.io = io;
    this.metrics = metrics;
    this.timeoutNanos = commandTimeout.toNanos();
  }

  /** Checks the connections now, and periodically until {@link #stop}. */
  void look() {
    if (stopped) {
      return;
    }
    long now = io.nanoTime();
    List.copyOf(connections.shared()).forEach(connection -> lookAfter(connection, now));
    holdersChanged();
    holdings.forEach(holding -> reportOverdue(holding, now));
    long millis =
        Math.clamp(
            TimeUnit.NANOSECONDS.toMillis(timeoutNanos / 4),
            SHORTEST_PERIOD_MILLIS,
            LONGEST_PERIOD_MILLIS);
    io.later(this::look, TimeUnit.MILLISECONDS.toNanos(millis));
  }

  void stop() {
    stopped = true;
  }

  private void lookAfter(PooledConnection connection, long now) {
    long silentNanos = now - connection.progressNanos;
    if (connection.inFlight > 0 && silentNanos > timeoutNanos) {
      metrics.timedOut();
      connections.remove(connection);
    } else if (connection.inFlight == 0 && silentNanos > IDLE_NANOS) {
      new Command<>(pool, RedisAsyncCommands::ping).serve(connection);
    }
  }

  private void reportOverdue(PooledConnection.Holding holding, long now) {
    if (overdue(holding, now) && !holding.reported) {
      holding.reported = true;
      log.warn(
          "{} has kept a Redis connection for {} s without giving it back",
          holding.holder,
          TimeUnit.NANOSECONDS.toSeconds(now - holding.sinceNanos));
      log.debug("{} took the connection here", holding.holder, holding.where);
    }
  }

  private static boolean overdue(PooledConnection.Holding holding, long now) {
    return holding.keeping == Keeping.BRIEFLY && now - holding.sinceNanos > OVERDUE_NANOS;
  }

  /** Notes the current holders. */
  void holdersChanged() {
    long now = io.nanoTime();
    List<PooledConnection.Holding> current = new ArrayList<>(connections.exclusive().size());
    int overdue = 0;
    for (PooledConnection connection : connections.exclusive()) {
      PooledConnection.Holding holding = connection.holding;
      if (holding != null) {
        current.add(holding);
        overdue += overdue(holding, now) ? 1 : 0;
      }
    }
    holdings = current;
    metrics.overdue(overdue);
  }

  /** The holders of exclusive connections, as of a moment ago. Thread-safe. */
  List<Holder> holders() {
    long now = io.nanoTime();
    return holdings.stream()
        .map(
            holding ->
                new Holder(
                    holding.holder,
                    Duration.ofNanos(Math.max(0, now - holding.sinceNanos)),
                    holding.keeping == Keeping.FOR_LIFE))
        .toList();
  }
}
