package io.sluice.fetcher.http;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The number of connections that may still be opened, over all lanes. A pool that gets none waits.
 * Meanwhile, each pool closes its longest idle connection and keeps no further connections idle;
 * closing one wakes the waiting pools.
 *
 * <p>Thread-safe.
 */
final class ConnectionBudget {
  private final AtomicInteger free;
  private final AtomicInteger waiting = new AtomicInteger();
  private final List<ConnectionPool> pools = new CopyOnWriteArrayList<>();

  ConnectionBudget(int connections) {
    this.free = new AtomicInteger(connections);
  }

  void add(ConnectionPool pool) {
    pools.add(pool);
  }

  /** Takes a connection place; returns false if none is left. */
  boolean tryTake() {
    int left = free.get();
    while (left > 0) {
      if (free.compareAndSet(left, left - 1)) {
        return true;
      }
      left = free.get();
    }
    return false;
  }

  /** Returns a connection place, and wakes the waiting pools. */
  void release() {
    free.incrementAndGet();
    if (waiting.get() > 0) {
      pools.forEach(ConnectionPool::wake);
    }
  }

  /**
   * Records that a pool waits for a place. The pool must try once more after this call, in case it
   * missed a release.
   */
  void startWaiting() {
    waiting.incrementAndGet();
    pools.forEach(ConnectionPool::closeLongestIdle);
  }

  /** Records that a pool no longer waits for a place. */
  void noLongerWaiting() {
    waiting.decrementAndGet();
  }

  boolean anyWaiting() {
    return waiting.get() > 0;
  }
}
