package io.sluice.core.redis;

import io.lettuce.core.api.async.RedisAsyncCommands;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A command for a shared connection.
 *
 * <p>Confined to the pool's I/O thread, except for its result.
 */
final class Command<T> extends Waiter {

  final CompletableFuture<T> result = new CompletableFuture<>();
  private final RedisPool pool;
  private final Function<RedisAsyncCommands<byte[], byte[]>, ? extends CompletionStage<T>> issue;

  Command(
      RedisPool pool,
      Function<RedisAsyncCommands<byte[], byte[]>, ? extends CompletionStage<T>> issue) {
    super(pool.nanoTime());
    this.pool = pool;
    this.issue = issue;
  }

  @Override
  void serve(PooledConnection connection) {
    pool.waited(pool.nanoTime() - askedNanos);
    pool.began(connection);
    CompletionStage<T> reply;
    try {
      reply = issue.apply(connection.commands);
    } catch (RuntimeException e) {
      end(connection, null, e);
      return;
    }
    reply.whenComplete(
        (value, failure) -> {
          if (pool.loop().inEventLoop()) {
            end(connection, value, failure);
          } else {
            pool.loop().execute(() -> end(connection, value, failure));
          }
        });
  }

  private void end(PooledConnection connection, @Nullable T value, @Nullable Throwable failure) {
    if (failure == null) {
      connection.answered = true;
      connection.answerNanos = pool.nanoTime();
      complete(value);
    } else {
      fail(RedisPool.lost(failure));
    }
    pool.answered(connection);
  }

  @SuppressWarnings("NullAway") // a reply of nil is a null, which T then allows
  private void complete(@Nullable T value) {
    result.complete(value);
  }

  @Override
  CompletableFuture<T> result() {
    return result;
  }
}
