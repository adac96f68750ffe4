package io.sluice.fetcher.http;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * How many connections may still be opened, over all lanes. A pool that gets none starves: then
 * each pool closes its oldest idle connection, none goes idle, and whoever closes one wakes the
 * starving.
 *
 * <p>Thread-safe.
 */
final class ConnectionBudget {
  private final AtomicInteger free;
  private final AtomicInteger starving = new AtomicInteger();
  private final List<ConnectionPool> pools = new CopyOnWriteArrayList<>();

  ConnectionBudget(int connections) {
    this.free = new AtomicInteger(connections);
  }

  void add(ConnectionPool pool) {
    pools.add(pool);
  }

  /** Takes a connection's place, if there is one. */
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

  /** Gives a place back. */
  void release() {
    free.incrementAndGet();
    if (starving.get() > 0) {
      pools.forEach(ConnectionPool::wake);
    }
  }

  /** Somebody waits for a place. The caller tries once more, lest a release was missed. */
  void starve() {
    starving.incrementAndGet();
    pools.forEach(ConnectionPool::spareOne);
  }

  /** Somebody waits no longer. */
  void fed() {
    starving.decrementAndGet();
  }

  boolean starving() {
    return starving.get() > 0;
  }
}
