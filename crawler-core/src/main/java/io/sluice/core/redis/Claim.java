package io.sluice.core.redis;

import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A wish for a connection of one's own.
 *
 * <p>Confined to the pool's I/O thread, its result excepted.
 */
final class Claim extends Waiter {

  final CompletableFuture<LeasedConnection> result = new CompletableFuture<>();
  private final RedisPool pool;
  private final String holder;
  private final Keeping keeping;
  private final @Nullable Throwable where;

  /**
   * @param where the place of the call, for the log; null where that is not wanted
   */
  Claim(RedisPool pool, String holder, Keeping keeping, @Nullable Throwable where) {
    super(pool.nanoTime());
    this.pool = pool;
    this.holder = holder;
    this.keeping = keeping;
    this.where = where;
  }

  @Override
  void serve(Line line) {
    long now = pool.nanoTime();
    pool.waited(now - askedNanos);
    line.lease = new Line.Lease(holder, keeping, now, where);
    LeasedConnection lease = new LeasedConnection(pool, line);
    if (!result.complete(lease)) {
      lease.close();
    }
  }

  @Override
  CompletableFuture<LeasedConnection> result() {
    return result;
  }
}
