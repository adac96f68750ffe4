package io.sluice.frontier.politeness;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Hosts that are waiting for a shared resource, in one first-in, first-out queue for each resource;
 * a resource without waiting hosts takes no memory. Confined to its shard's thread.
 *
 * @param <K> the type of a shared resource's key
 * @param <H> the type of the hosts
 */
final class WaitingHosts<K, H extends HostClock> {

  private final Map<K, ArrayDeque<H>> queues = new HashMap<>();

  void joinFirst(K shared, H host) {
    queue(shared).addFirst(host);
  }

  void joinLast(K shared, H host) {
    queue(shared).addLast(host);
  }

  boolean isEmpty(K shared) {
    return !queues.containsKey(shared);
  }

  /** Removes the first host of a queue; null if the queue is empty. */
  @Nullable H poll(K shared) {
    ArrayDeque<H> queue = queues.get(shared);
    if (queue == null) {
      return null;
    }
    H first = queue.remove();
    if (queue.isEmpty()) {
      queues.remove(shared);
    }
    return first;
  }

  private ArrayDeque<H> queue(K shared) {
    return queues.computeIfAbsent(shared, _ -> new ArrayDeque<>(2));
  }
}
