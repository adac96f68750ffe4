package io.sluice.core.redis;

import io.lettuce.core.api.async.RedisAsyncCommands;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A connection that its holder has alone until it closes it. The holder sees to it that every reply
 * was read before {@link #close}; otherwise it calls {@link #discard}.
 *
 * <p>Thread-safe, but meant for one holder.
 */
final class LeasedConnection implements AutoCloseable {

  private final RedisPool pool;
  private final Line line;
  private final AtomicBoolean returned = new AtomicBoolean();

  LeasedConnection(RedisPool pool, Line line) {
    this.pool = pool;
    this.line = line;
  }

  RedisAsyncCommands<byte[], byte[]> commands() {
    return line.commands;
  }

  /**
   * From now on commands wait for {@link #flush}; such a connection is discarded, not given back.
   */
  void manualFlush() {
    line.connection.setAutoFlushCommands(false);
  }

  void flush() {
    line.connection.flushCommands();
  }

  boolean open() {
    return !returned.get() && line.open();
  }

  /**
   * Waits for a reply for at most {@code longer} beyond the command timeout. A reply that does not
   * come closes the connection.
   *
   * @throws RedisLostException if no reply came
   */
  <T> T await(CompletionStage<T> reply, Duration longer) {
    try {
      return reply
          .toCompletableFuture()
          .get(pool.commandTimeout().plus(longer).toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      discard();
      Thread.currentThread().interrupt();
      throw new RedisLostException("interrupted", e);
    } catch (TimeoutException e) {
      discard();
      throw new RedisLostException("Redis did not answer in time", e);
    } catch (ExecutionException e) {
      throw RedisPool.lost(e);
    }
  }

  <T> T await(CompletionStage<T> reply) {
    return await(reply, Duration.ZERO);
  }

  /** Gives the connection back for others to use. */
  @Override
  public void close() {
    if (returned.compareAndSet(false, true)) {
      pool.giveBack(line, true);
    }
  }

  /** Closes the connection; whatever is in flight on it fails. */
  void discard() {
    if (returned.compareAndSet(false, true)) {
      pool.giveBack(line, false);
    }
  }
}
