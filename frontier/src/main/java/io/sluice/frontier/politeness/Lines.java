package io.sluice.frontier.politeness;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Hosts that wait in line for what they share, first in, first out; what nobody waits for costs
 * nothing. Confined to its shard's thread.
 *
 * @param <K> what is shared
 * @param <H> the hosts
 */
final class Lines<K, H extends HostClock> {

  private final Map<K, ArrayDeque<H>> lines = new HashMap<>();

  void joinFirst(K shared, H host) {
    line(shared).addFirst(host);
  }

  void joinLast(K shared, H host) {
    line(shared).addLast(host);
  }

  boolean isEmpty(K shared) {
    return !lines.containsKey(shared);
  }

  /** Takes the first of a line; null where nobody waits. */
  @Nullable H poll(K shared) {
    ArrayDeque<H> line = lines.get(shared);
    if (line == null) {
      return null;
    }
    H first = line.remove();
    if (line.isEmpty()) {
      lines.remove(shared);
    }
    return first;
  }

  private ArrayDeque<H> line(K shared) {
    return lines.computeIfAbsent(shared, _ -> new ArrayDeque<>(2));
  }
}
