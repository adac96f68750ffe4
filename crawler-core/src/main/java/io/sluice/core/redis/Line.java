package io.sluice.core.redis;

import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.async.RedisAsyncCommands;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * One open connection as the pool sees it.
 *
 * <p>Confined to the pool's I/O thread, {@link #open} excepted, which its holder may ask.
 */
final class Line {

  final StatefulRedisConnection<byte[], byte[]> connection;
  final RedisAsyncCommands<byte[], byte[]> commands;

  /** Who has it alone; null while it is shared. */
  @Nullable Lease lease;

  /** Commands whose replies are awaited; of a shared line only. */
  int inFlight;

  /** When the last reply came, or the first command went out after a pause. */
  long progressNanos;

  /** Whether a reply ever came: a paused server's socket takes connections and commands too. */
  boolean answered;

  /** When the last reply came, if one did. */
  long answerNanos;

  /** Takes no new commands, because somebody waits for a connection of their own. */
  boolean draining;

  private volatile boolean closing;

  /** A holder's time with the line. */
  static final class Lease {
    final String holder;
    final Keeping keeping;
    final long sinceNanos;

    /** Where it was asked for; only kept while the log is at DEBUG. */
    final @Nullable Throwable where;

    /** Whether it was reported for having been kept too long. */
    boolean reported;

    Lease(String holder, Keeping keeping, long sinceNanos, @Nullable Throwable where) {
      this.holder = holder;
      this.keeping = keeping;
      this.sinceNanos = sinceNanos;
      this.where = where;
    }
  }

  Line(StatefulRedisConnection<byte[], byte[]> connection, long nowNanos) {
    this.connection = connection;
    this.commands = connection.async();
    this.progressNanos = nowNanos;
  }

  void endLease() {
    lease = null;
  }

  boolean open() {
    return !closing && connection.isOpen();
  }

  /** Closes the connection, unless that was begun; its commands fail. */
  CompletableFuture<Void> close() {
    if (closing) {
      return CompletableFuture.completedFuture(null);
    }
    closing = true;
    return connection.closeAsync();
  }

  /** Begins to close a connection that is no line. */
  @SuppressWarnings("FutureReturnValueIgnored") // the ledger shows a socket that does not close
  static void close(StatefulRedisConnection<?, ?> connection) {
    connection.closeAsync();
  }
}
