package io.sluice.core.redis;

import io.lettuce.core.api.async.RedisAsyncCommands;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A command for a shared connection.
 *
 * <p>Confined to the pool's I/O thread, its result excepted.
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
  void serve(Line line) {
    pool.waited(pool.nanoTime() - askedNanos);
    pool.began(line);
    CompletionStage<T> reply;
    try {
      reply = issue.apply(line.commands);
    } catch (RuntimeException e) {
      end(line, null, e);
      return;
    }
    reply.whenComplete(
        (value, failure) -> {
          if (pool.loop().inEventLoop()) {
            end(line, value, failure);
          } else {
            pool.loop().execute(() -> end(line, value, failure));
          }
        });
  }

  private void end(Line line, @Nullable T value, @Nullable Throwable failure) {
    if (failure == null) {
      line.answered = true;
      line.answerNanos = pool.nanoTime();
      complete(value);
    } else {
      fail(RedisPool.lost(failure));
    }
    pool.answered(line);
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
