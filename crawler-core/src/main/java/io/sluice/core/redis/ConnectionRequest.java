package io.sluice.core.redis;

import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A queued request for an exclusive connection.
 *
 * <p>Confined to the pool's I/O thread, except for its result.
 */
final class ConnectionRequest extends Waiter {

  final CompletableFuture<ExclusiveConnection> result = new CompletableFuture<>();
  private final RedisPool pool;
  private final String holder;
  private final Keeping keeping;
  private final @Nullable Throwable where;

  /**
   * @param where the caller's stack trace, for the log; null if not needed
   */
  ConnectionRequest(RedisPool pool, String holder, Keeping keeping, @Nullable Throwable where) {
    super(pool.nanoTime());
    this.pool = pool;
    this.holder = holder;
    this.keeping = keeping;
    this.where = where;
  }

  @Override
  void serve(PooledConnection connection) {
    long now = pool.nanoTime();
    pool.waited(now - askedNanos);
    connection.holding = new PooledConnection.Holding(holder, keeping, now, where);
    ExclusiveConnection exclusive = new ExclusiveConnection(pool, connection);
    if (!result.complete(exclusive)) {
      exclusive.close();
    }
  }

  @Override
  CompletableFuture<ExclusiveConnection> result() {
    return result;
  }
}
