package io.sluice.core.redis;

import java.util.concurrent.CompletableFuture;

/**
 * Somebody who waits for a connection.
 *
 * <p>Confined to the pool's I/O thread, its result excepted.
 */
abstract sealed class Waiter permits Command, Claim {

  final long askedNanos;
  long deadlineNanos;

  /** Whether it stands in a queue. */
  boolean queued;

  Waiter(long askedNanos) {
    this.askedNanos = askedNanos;
  }

  /** Uses the line, which has room for it. */
  abstract void serve(Line line);

  abstract CompletableFuture<?> result();

  void fail(RuntimeException reason) {
    result().completeExceptionally(reason);
  }

  /** Whether the caller has given up. */
  boolean gone() {
    return result().isDone();
  }
}
