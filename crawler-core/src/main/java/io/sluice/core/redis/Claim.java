package io.sluice.core.redis;

import java.util.concurrent.CompletableFuture;

/**
 * A wish for a connection of one's own.
 *
 * <p>Confined to the pool's I/O thread, its result excepted.
 */
final class Claim extends Waiter {

  final CompletableFuture<LeasedConnection> result = new CompletableFuture<>();
  private final RedisPool pool;
  private final String holder;

  Claim(RedisPool pool, String holder) {
    this.pool = pool;
    this.holder = holder;
  }

  @Override
  void serve(Line line) {
    pool.waited(System.nanoTime() - askedNanos);
    line.holder = holder;
    LeasedConnection lease = new LeasedConnection(pool, line);
    if (!result.complete(lease)) {
      lease.close();
    }
  }

  @Override
  void fail(RuntimeException reason) {
    result.completeExceptionally(reason);
  }

  @Override
  boolean gone() {
    return result.isDone();
  }
}
