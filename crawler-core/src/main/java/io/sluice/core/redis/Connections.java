package io.sluice.core.redis;

import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisConnectionStateListener;
import io.lettuce.core.api.StatefulRedisConnection;
import io.sluice.core.lifecycle.Backoff;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The pool's connections: those that commands share and those that one holder has exclusively.
 * There are never more than {@code max}, including those that are being opened or closed. After a
 * failed attempt to connect it pauses, twice as long after each further one, up to a second.
 *
 * <p>Confined to the pool's I/O thread.
 */
final class Connections {

  private static final Backoff BACKOFF = new Backoff(Duration.ofMillis(50), Duration.ofSeconds(1));

  private final Connector connector;
  private final IoThread io;
  private final int max;
  private final PoolMetrics metrics;
  private final Runnable changed;

  private final List<PooledConnection> shared = new ArrayList<>();
  private final List<PooledConnection> exclusive = new ArrayList<>();
  private int opening;
  private int closing;

  /** Number of attempts in a row that have failed. */
  private int failures;

  private boolean backingOff;
  private boolean closed;
  private @Nullable Throwable lastFailure;
  private long lastOpenedNanos;

  /**
   * @param changed called when a connection, or room for one, may have become free
   */
  Connections(Connector connector, IoThread io, int max, PoolMetrics metrics, Runnable changed) {
    this.connector = connector;
    this.io = io;
    this.max = max;
    this.metrics = metrics;
    this.changed = changed;
    this.lastOpenedNanos = io.nanoTime();
  }

  List<PooledConnection> shared() {
    return Collections.unmodifiableList(shared);
  }

  List<PooledConnection> exclusive() {
    return Collections.unmodifiableList(exclusive);
  }

  /** The number of connections at the server, as far as this side knows. */
  int size() {
    return shared.size() + exclusive.size() + opening + closing;
  }

  int opening() {
    return opening;
  }

  /** When the last attempt to connect succeeded. */
  long lastOpenedNanos() {
    return lastOpenedNanos;
  }

  /** Why the last attempt to connect failed; null if it succeeded. */
  @Nullable Throwable lastFailure() {
    return lastFailure;
  }

  /** The shared connection with the most room in its window; null if none has any. */
  @Nullable PooledConnection roomiest() {
    PooledConnection best = null;
    for (PooledConnection connection : shared) {
      boolean fits =
          connection.inFlight < RedisPool.WINDOW && !connection.draining && connection.open();
      if (fits && (best == null || connection.inFlight < best.inFlight)) {
        best = connection;
      }
    }
    return best;
  }

  /**
   * Takes a connection with nothing in flight out of the shared ones, to be used exclusively; null
   * if there is none.
   */
  @Nullable PooledConnection takeIdle() {
    for (PooledConnection connection : shared) {
      if (connection.inFlight == 0 && connection.open()) {
        shared.remove(connection);
        exclusive.add(connection);
        connection.draining = false;
        return connection;
      }
    }
    return null;
  }

  /**
   * Stops issuing commands on one shared connection, so that it becomes idle and can be used
   * exclusively; at least one is left for commands.
   */
  void drainOne() {
    if (shared.size() > 1 && shared.stream().noneMatch(connection -> connection.draining)) {
      shared.getLast().draining = true;
    }
  }

  /**
   * Lets every shared connection take commands again, since no caller waits for an exclusive one.
   */
  void drainNone() {
    shared.forEach(connection -> connection.draining = false);
  }

  /** Opens a connection, if there is room for one and no attempt has just failed. */
  void open() {
    if (backingOff || closed || size() >= max) {
      return;
    }
    opening++;
    connector.open().whenComplete((channel, failure) -> io.execute(() -> opened(channel, failure)));
  }

  private void opened(
      @Nullable StatefulRedisConnection<byte[], byte[]> channel, @Nullable Throwable failure) {
    opening--;
    if (channel == null) {
      openFailed(failure);
    } else if (closed) {
      PooledConnection.close(channel);
    } else {
      failures = 0;
      lastFailure = null;
      add(channel);
    }
  }

  private void add(StatefulRedisConnection<byte[], byte[]> channel) {
    metrics.opened();
    lastOpenedNanos = io.nanoTime();
    PooledConnection connection = new PooledConnection(channel, io.nanoTime());
    channel.addListener(
        new RedisConnectionStateListener() {
          @Override
          public void onRedisDisconnected(RedisChannelHandler<?, ?> lost) {
            io.execute(() -> remove(connection));
          }
        });
    shared.add(connection);
    if (channel.isOpen()) {
      changed.run();
    } else {
      remove(connection);
    }
  }

  private void openFailed(@Nullable Throwable failure) {
    lastFailure = failure;
    failures++;
    backingOff = true;
    io.later(
        () -> {
          backingOff = false;
          changed.run();
        },
        BACKOFF.after(failures).toNanos());
    changed.run();
  }

  /** Takes back an exclusive connection; closes it if replies may be outstanding. */
  void giveBack(PooledConnection connection, boolean reusable) {
    connection.endHolding();
    if (reusable && connection.open() && exclusive.remove(connection)) {
      connection.progressNanos = io.nanoTime();
      shared.add(connection);
      changed.run();
    } else {
      remove(connection);
    }
  }

  /** Closes a connection; its place becomes free once it is closed. Idempotent. */
  void remove(PooledConnection connection) {
    if (!shared.remove(connection) && !exclusive.remove(connection)) {
      return;
    }
    closing++;
    var _ =
        connection
            .close()
            .whenComplete(
                (nothing, failure) ->
                    io.execute(
                        () -> {
                          closing--;
                          changed.run();
                        }));
    changed.run();
  }

  /** Closes all connections and opens no more. */
  CompletableFuture<Void> closeAll() {
    closed = true;
    List<CompletableFuture<Void>> all = new ArrayList<>();
    shared.forEach(connection -> all.add(connection.close()));
    exclusive.forEach(connection -> all.add(connection.close()));
    return CompletableFuture.allOf(all.toArray(CompletableFuture[]::new));
  }
}
