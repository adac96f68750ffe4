package io.sluice.core.redis;

/**
 * Somebody who waits for a connection.
 *
 * <p>Confined to the pool's I/O thread, its result excepted.
 */
abstract sealed class Waiter permits Command, Claim {

  final long askedNanos = System.nanoTime();
  long deadlineNanos;

  /** Uses the line, which has room for it. */
  abstract void serve(Line line);

  abstract void fail(RuntimeException reason);

  /** Whether the caller has given up. */
  abstract boolean gone();
}
