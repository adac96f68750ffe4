package io.sluice.core.redis;

import java.util.concurrent.CompletableFuture;

/**
 * A caller that waits for a connection.
 *
 * <p>Confined to the pool's I/O thread, except for its result.
 */
abstract sealed class Waiter permits Command, ConnectionRequest {

  final long askedNanos;
  long deadlineNanos;

  /** Whether it is in a queue. */
  boolean queued;

  Waiter(long askedNanos) {
    this.askedNanos = askedNanos;
  }

  /** Uses the connection, which has room for it. */
  abstract void serve(PooledConnection connection);

  abstract CompletableFuture<?> result();

  void fail(RuntimeException reason) {
    result().completeExceptionally(reason);
  }

  /** Whether the caller has given up. */
  boolean gone() {
    return result().isDone();
  }
}
