package io.sluice.core.redis;

import io.lettuce.core.api.async.RedisAsyncCommands;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A connection that one holder uses alone. The holder makes sure that every reply has been read
 * before {@link #close}; otherwise it calls {@link #discard}.
 *
 * <p>Thread-safe, but meant for one holder.
 */
public final class ExclusiveConnection implements AutoCloseable {

  private final RedisPool pool;
  private final PooledConnection connection;
  private final AtomicBoolean returned = new AtomicBoolean();

  ExclusiveConnection(RedisPool pool, PooledConnection connection) {
    this.pool = pool;
    this.connection = connection;
  }

  /** Its commands, which may be called on any thread. */
  public RedisAsyncCommands<byte[], byte[]> commands() {
    return connection.commands;
  }

  /**
   * Makes commands wait for {@link #flush} from now on; such a connection is discarded, not given
   * back.
   */
  public void manualFlush() {
    connection.channel.setAutoFlushCommands(false);
  }

  /** Sends the commands that have been waiting since {@link #manualFlush}. */
  public void flush() {
    connection.channel.flushCommands();
  }

  /** Whether its holder still has it and the server has not closed it. */
  public boolean open() {
    return !returned.get() && connection.open();
  }

  /**
   * Waits for a reply for at most {@code longer} beyond the command timeout. If no reply arrives,
   * the connection is closed.
   *
   * @throws RedisLostException if no reply arrived in time
   */
  public <T> T await(CompletionStage<T> reply, Duration longer) {
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

  /**
   * Waits for a reply for at most the command timeout: see {@link #await(CompletionStage,
   * Duration)}.
   */
  public <T> T await(CompletionStage<T> reply) {
    return await(reply, Duration.ZERO);
  }

  /** Returns the connection for others to use. */
  @Override
  public void close() {
    if (returned.compareAndSet(false, true)) {
      pool.giveBack(connection, true);
    }
  }

  /** Closes the connection; everything in flight on it fails. */
  public void discard() {
    if (returned.compareAndSet(false, true)) {
      pool.giveBack(connection, false);
    }
  }
}
