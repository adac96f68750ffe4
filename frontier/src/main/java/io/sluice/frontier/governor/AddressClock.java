package io.sluice.frontier.governor;

import it.unimi.dsi.fastutil.ints.IntArrayFIFOQueue;
import org.jspecify.annotations.Nullable;

/**
 * Who visits an address now, when it may be visited again and who waits for it. Guarded by the
 * governor's monitor.
 */
final class AddressClock {

  final long key;

  /** Visits under way or kept for somebody. */
  int visits;

  long notBeforeNanos;

  /** The shards of the hosts that wait, once for each host, in the order of their coming. */
  private @Nullable IntArrayFIFOQueue line;

  AddressClock(long key, long notBeforeNanos) {
    this.key = key;
    this.notBeforeNanos = notBeforeNanos;
  }

  boolean lineIsEmpty() {
    return line == null;
  }

  void join(int shard) {
    if (line == null) {
      line = new IntArrayFIFOQueue(4);
    }
    line.enqueue(shard);
  }

  /** Takes the first of the line, which must not be empty. */
  int poll() {
    if (line == null) {
      throw new IllegalStateException("nobody waits");
    }
    int shard = line.dequeueInt();
    if (line.isEmpty()) {
      line = null;
    }
    return shard;
  }

  /** Whether nothing is lost by forgetting it. */
  boolean idle(long nowNanos) {
    return visits == 0 && line == null && notBeforeNanos - nowNanos <= 0;
  }
}
