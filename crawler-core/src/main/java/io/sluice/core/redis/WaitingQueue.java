package io.sluice.core.redis;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;

/**
 * Callers that wait for a connection, served in the order of their arrival. A caller that cancels
 * leaves the queue at once; one that has waited as long as the bound allows is handed to {@code
 * expired}. At most {@value #MOST} wait.
 *
 * <p>Confined to the pool's I/O thread.
 */
final class WaitingQueue {

  /** Further callers are rejected: this many waiters, some 20 MB, can only mean a defect. */
  static final int MOST = 100_000;

  private static final long SOONEST_NANOS = 1_000_000;

  private final Deque<Waiter> queue = new ArrayDeque<>();
  private final IoThread io;
  private final long boundNanos;
  private final Consumer<Waiter> expired;
  private int gone;
  private boolean expiryPlanned;

  /**
   * @param bound how long a caller waits
   * @param expired receives the callers that have waited for that long
   */
  WaitingQueue(IoThread io, Duration bound, Consumer<Waiter> expired) {
    this.io = io;
    this.boundNanos = bound.toNanos();
    this.expired = expired;
  }

  /** Adds a caller at the end; false if the queue is full. */
  boolean admit(Waiter waiter) {
    if (size() >= MOST) {
      return false;
    }
    waiter.deadlineNanos = io.nanoTime() + boundNanos;
    waiter.queued = true;
    queue.add(waiter);
    var _ = waiter.result().whenComplete((value, failure) -> ended(waiter));
    planExpiry();
    return true;
  }

  /** Removes a waiter whose result is complete because its caller cancelled it. Thread-safe. */
  private void ended(Waiter waiter) {
    if (waiter.result().isCancelled()) {
      io.execute(() -> forget(waiter));
    }
  }

  private void forget(Waiter waiter) {
    if (!waiter.queued) {
      return;
    }
    waiter.queued = false;
    gone++;
    if (2 * gone > queue.size()) {
      queue.removeIf(one -> !one.queued);
      gone = 0;
    }
  }

  boolean isEmpty() {
    while (!queue.isEmpty() && queue.element().gone()) {
      poll();
    }
    return queue.isEmpty();
  }

  /**
   * Removes the caller that has waited longest; the queue must not be {@linkplain #isEmpty empty}.
   */
  Waiter next() {
    return poll();
  }

  private Waiter poll() {
    Waiter first = queue.remove();
    if (first.queued) {
      first.queued = false;
    } else {
      gone--;
    }
    return first;
  }

  /** The number of waiting callers, possibly including some that gave up a moment ago. */
  int size() {
    return queue.size() - gone;
  }

  void failAll(RuntimeException reason) {
    while (!isEmpty()) {
      next().fail(reason);
    }
  }

  private void planExpiry() {
    if (!expiryPlanned && !isEmpty()) {
      expiryPlanned = true;
      long left = queue.element().deadlineNanos - io.nanoTime();
      io.later(this::expire, Math.max(SOONEST_NANOS, left));
    }
  }

  /** Expires callers from the front: the queue is in the order of their deadlines. */
  private void expire() {
    expiryPlanned = false;
    long now = io.nanoTime();
    while (!isEmpty() && queue.element().deadlineNanos - now <= 0) {
      expired.accept(next());
    }
    planExpiry();
  }
}
