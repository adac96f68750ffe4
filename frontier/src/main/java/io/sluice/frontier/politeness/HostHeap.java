package io.sluice.frontier.politeness;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The hosts of one kind that are on the schedule: a binary heap by time and turn. Each host stores
 * its index in the heap, so that any of them can be removed in O(log n); the JDK's queues need O(n)
 * time for that, or a node for each host. Confined to its shard's thread.
 */
final class HostHeap<H extends HostClock> {

  private final List<H> heap = new ArrayList<>();

  @Nullable H peek() {
    return heap.isEmpty() ? null : heap.getFirst();
  }

  int size() {
    return heap.size();
  }

  void add(H host) {
    heap.add(host);
    siftUp(heap.size() - 1, host);
  }

  /** Removes a host, wherever it is; it must be in this heap. */
  void remove(H host) {
    int hole = host.heapIndex;
    if (!heap.get(hole).equals(host)) {
      throw new IllegalStateException(host.name() + " is not in this heap");
    }
    H last = heap.removeLast();
    if (hole < heap.size()) {
      siftDown(hole, last);
      siftUp(last.heapIndex, last);
    }
  }

  private void siftUp(int from, H host) {
    int hole = from;
    while (hole > 0) {
      int parent = (hole - 1) >>> 1;
      H above = heap.get(parent);
      if (compare(host, above) >= 0) {
        break;
      }
      put(hole, above);
      hole = parent;
    }
    put(hole, host);
  }

  private void siftDown(int from, H host) {
    int hole = from;
    for (int child = 2 * hole + 1; child < heap.size(); child = 2 * hole + 1) {
      int right = child + 1;
      int least =
          right < heap.size() && compare(heap.get(right), heap.get(child)) < 0 ? right : child;
      H below = heap.get(least);
      if (compare(host, below) <= 0) {
        break;
      }
      put(hole, below);
      hole = least;
    }
    put(hole, host);
  }

  private void put(int place, H host) {
    heap.set(place, host);
    host.heapIndex = place;
  }

  /** Which of two hosts comes first: the earlier one, or the one that has waited longer. */
  static int compare(HostClock one, HostClock other) {
    long ahead = one.scheduledNanos - other.scheduledNanos;
    return ahead != 0 ? Long.signum(ahead) : Long.compare(one.turn, other.turn);
  }
}
