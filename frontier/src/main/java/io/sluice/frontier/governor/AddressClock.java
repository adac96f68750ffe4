package io.sluice.frontier.governor;

import it.unimi.dsi.fastutil.ints.IntArrayFIFOQueue;
import org.jspecify.annotations.Nullable;

/**
 * How many visits to an address are in progress, when it may be visited again, and which hosts are
 * waiting for it. Guarded by the governor's monitor.
 */
final class AddressClock {

  final long key;

  /** Visits in progress or reserved. */
  int visits;

  long notBeforeNanos;

  /** The shards of the waiting hosts, one entry for each host, in the order of arrival. */
  private @Nullable IntArrayFIFOQueue queue;

  AddressClock(long key, long notBeforeNanos) {
    this.key = key;
    this.notBeforeNanos = notBeforeNanos;
  }

  boolean queueIsEmpty() {
    return queue == null;
  }

  void join(int shard) {
    if (queue == null) {
      queue = new IntArrayFIFOQueue(4);
    }
    queue.enqueue(shard);
  }

  /** Removes the first host of the queue, which must not be empty. */
  int poll() {
    if (queue == null) {
      throw new IllegalStateException("no host is waiting for this address");
    }
    int shard = queue.dequeueInt();
    if (queue.isEmpty()) {
      queue = null;
    }
    return shard;
  }

  /** Whether the clock can be dropped without losing anything. */
  boolean idle(long nowNanos) {
    return visits == 0 && queue == null && notBeforeNanos - nowNanos <= 0;
  }
}
