package io.sluice.core.redis;

import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisConnectionStateListener;
import io.lettuce.core.api.StatefulRedisConnection;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The pool's connections: those that commands share and those that one holder has alone. Never more
 * than the bound, those counted that are being opened or closed. After a failed attempt it waits,
 * each time twice as long, up to a second.
 *
 * <p>Confined to the pool's I/O thread.
 */
final class Lines {

  private static final long FIRST_BACKOFF_MILLIS = 50;
  private static final long LAST_BACKOFF_MILLIS = 1_000;

  private final Connector connector;
  private final IoThread io;
  private final int max;
  private final PoolMetrics metrics;
  private final Runnable changed;

  private final List<Line> shared = new ArrayList<>();
  private final List<Line> leased = new ArrayList<>();
  private int opening;
  private int closing;
  private long backoffMillis;
  private boolean backingOff;
  private boolean closed;
  private @Nullable Throwable lastFailure;
  private long lastOpenedNanos;

  /**
   * @param changed called when a connection may have become free, or room for one
   */
  Lines(Connector connector, IoThread io, int max, PoolMetrics metrics, Runnable changed) {
    this.connector = connector;
    this.io = io;
    this.max = max;
    this.metrics = metrics;
    this.changed = changed;
    this.lastOpenedNanos = io.nanoTime();
  }

  List<Line> shared() {
    return Collections.unmodifiableList(shared);
  }

  List<Line> leased() {
    return Collections.unmodifiableList(leased);
  }

  /** How many exist at the server, as far as this side knows. */
  int size() {
    return shared.size() + leased.size() + opening + closing;
  }

  int opening() {
    return opening;
  }

  /** When the last attempt to connect succeeded. */
  long lastOpenedNanos() {
    return lastOpenedNanos;
  }

  /** Why the last attempt to connect failed; null since one succeeded. */
  @Nullable Throwable lastFailure() {
    return lastFailure;
  }

  /** The shared line with the most room in its window; null if none has any. */
  @Nullable Line roomiest() {
    Line best = null;
    for (Line line : shared) {
      boolean fits = line.inFlight < RedisPool.WINDOW && !line.draining && line.open();
      if (fits && (best == null || line.inFlight < best.inFlight)) {
        best = line;
      }
    }
    return best;
  }

  /** Takes a line with nothing in flight out of those that are shared; null if there is none. */
  @Nullable Line leaseIdle() {
    for (Line line : shared) {
      if (line.inFlight == 0 && line.open()) {
        shared.remove(line);
        leased.add(line);
        line.draining = false;
        return line;
      }
    }
    return null;
  }

  /** Lets one shared line run empty, so that it can be leased; one is left for commands. */
  void drainOne() {
    if (shared.size() > 1 && shared.stream().noneMatch(line -> line.draining)) {
      shared.getLast().draining = true;
    }
  }

  /** Nobody waits for a line of their own any more. */
  void drainNone() {
    shared.forEach(line -> line.draining = false);
  }

  /** Opens a connection, if there is room for one and no attempt has just failed. */
  void open() {
    if (backingOff || closed || size() >= max) {
      return;
    }
    opening++;
    connector
        .open()
        .whenComplete((connection, failure) -> io.execute(() -> opened(connection, failure)));
  }

  private void opened(
      @Nullable StatefulRedisConnection<byte[], byte[]> connection, @Nullable Throwable failure) {
    opening--;
    if (connection == null) {
      openFailed(failure);
    } else if (closed) {
      Line.close(connection);
    } else {
      backoffMillis = 0;
      lastFailure = null;
      add(connection);
    }
  }

  private void add(StatefulRedisConnection<byte[], byte[]> connection) {
    metrics.opened();
    lastOpenedNanos = io.nanoTime();
    Line line = new Line(connection, io.nanoTime());
    connection.addListener(
        new RedisConnectionStateListener() {
          @Override
          public void onRedisDisconnected(RedisChannelHandler<?, ?> lost) {
            io.execute(() -> remove(line));
          }
        });
    shared.add(line);
    if (connection.isOpen()) {
      changed.run();
    } else {
      remove(line);
    }
  }

  private void openFailed(@Nullable Throwable failure) {
    lastFailure = failure;
    backoffMillis = Math.clamp(backoffMillis * 2, FIRST_BACKOFF_MILLIS, LAST_BACKOFF_MILLIS);
    backingOff = true;
    io.later(
        () -> {
          backingOff = false;
          changed.run();
        },
        TimeUnit.MILLISECONDS.toNanos(backoffMillis));
    changed.run();
  }

  /** Takes a leased line back; one that may have replies to come is closed. */
  void giveBack(Line line, boolean reusable) {
    line.endLease();
    if (reusable && line.open() && leased.remove(line)) {
      line.progressNanos = io.nanoTime();
      shared.add(line);
      changed.run();
    } else {
      remove(line);
    }
  }

  /** Closes a line; its place is free once it is closed. Nothing happens the second time. */
  void remove(Line line) {
    if (!shared.remove(line) && !leased.remove(line)) {
      return;
    }
    closing++;
    var _ =
        line.close()
            .whenComplete(
                (nothing, failure) ->
                    io.execute(
                        () -> {
                          closing--;
                          changed.run();
                        }));
    changed.run();
  }

  /** Closes all lines and opens none any more. */
  CompletableFuture<Void> closeAll() {
    closed = true;
    List<CompletableFuture<Void>> all = new ArrayList<>();
    shared.forEach(line -> all.add(line.close()));
    leased.forEach(line -> all.add(line.close()));
    return CompletableFuture.allOf(all.toArray(CompletableFuture[]::new));
  }
}
