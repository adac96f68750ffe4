package io.sluice.core.redis;

import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.async.RedisAsyncCommands;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * One open connection as the pool sees it.
 *
 * <p>Confined to the pool's I/O thread, except for {@link #open}, which its holder may call.
 */
final class PooledConnection {

  final StatefulRedisConnection<byte[], byte[]> channel;
  final RedisAsyncCommands<byte[], byte[]> commands;

  /** The holder that has it exclusively; null while it is shared. */
  @Nullable Holding holding;

  /** Commands whose replies are awaited; only on a shared connection. */
  int inFlight;

  /** When the last reply arrived, or the first command was sent after a pause. */
  long progressNanos;

  /** Whether a reply ever arrived: a paused server also accepts connections and commands. */
  boolean answered;

  /** When the last reply arrived, if one did. */
  long answerNanos;

  /** Whether it takes no new commands, because a caller waits for an exclusive connection. */
  boolean draining;

  private volatile boolean closing;

  /** A holder's time with the connection. */
  static final class Holding {
    final String holder;
    final Keeping keeping;
    final long sinceNanos;

    /** The stack trace of the request for it; null unless the log is at DEBUG. */
    final @Nullable Throwable where;

    /** Whether it was reported for having been kept too long. */
    boolean reported;

    Holding(String holder, Keeping keeping, long sinceNanos, @Nullable Throwable where) {
      this.holder = holder;
      this.keeping = keeping;
      this.sinceNanos = sinceNanos;
      this.where = where;
    }
  }

  PooledConnection(StatefulRedisConnection<byte[], byte[]> channel, long nowNanos) {
    this.channel = channel;
    this.commands = channel.async();
    this.progressNanos = nowNanos;
  }

  void endHolding() {
    holding = null;
  }

  boolean open() {
    return !closing && channel.isOpen();
  }

  /** Closes the connection, unless that has begun; its commands fail. */
  CompletableFuture<Void> close() {
    if (closing) {
      return CompletableFuture.completedFuture(null);
    }
    closing = true;
    return channel.closeAsync();
  }

  /** Starts closing a connection that was never added to the pool. */
  @SuppressWarnings("FutureReturnValueIgnored") // the ledger shows a socket that does not close
  static void close(StatefulRedisConnection<?, ?> channel) {
    channel.closeAsync();
  }
}
