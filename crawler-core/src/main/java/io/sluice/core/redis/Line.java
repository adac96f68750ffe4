package io.sluice.core.redis;

import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.async.RedisAsyncCommands;
import org.jspecify.annotations.Nullable;

/**
 * One open connection as the pool sees it.
 *
 * <p>Confined to the pool's I/O thread.
 */
final class Line {

  final StatefulRedisConnection<byte[], byte[]> connection;
  final RedisAsyncCommands<byte[], byte[]> commands;

  /** Who has it alone; null while it is shared. */
  @Nullable String holder;

  /** Commands whose replies are awaited; of a shared line only. */
  int inFlight;

  /** When the last reply came, or the first command went out after a pause. */
  long progressNanos;

  /** Takes no new commands, because somebody waits for a connection of their own. */
  boolean draining;

  Line(StatefulRedisConnection<byte[], byte[]> connection, long nowNanos) {
    this.connection = connection;
    this.commands = connection.async();
    this.progressNanos = nowNanos;
  }

  boolean open() {
    return connection.isOpen();
  }

  /** Begins to close a connection; its commands fail. */
  @SuppressWarnings("FutureReturnValueIgnored") // the ledger shows a socket that does not close
  static void close(StatefulRedisConnection<?, ?> connection) {
    connection.closeAsync();
  }
}
