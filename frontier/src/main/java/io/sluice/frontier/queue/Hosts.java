package io.sluice.frontier.queue;

import it.unimi.dsi.fastutil.objects.Object2ObjectOpenHashMap;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The hosts of a shard, by number and by name. Confined to its shard's thread. */
public final class Hosts {

  private final List<HostQueue> byNumber = new ArrayList<>();
  private final Object2ObjectOpenHashMap<String, HostQueue> byName =
      new Object2ObjectOpenHashMap<>();

  /** Adds a host; its number is the count of hosts before it. */
  public HostQueue add(String name) {
    HostQueue host = new HostQueue(byNumber.size(), name);
    byNumber.add(host);
    byName.put(name, host);
    return host;
  }

  /**
   * The host of that number.
   *
   * @throws IllegalStateException if there is none
   */
  public HostQueue get(int number) {
    if (number < 0 || number >= byNumber.size()) {
      throw new IllegalStateException("host " + number + " of " + byNumber.size());
    }
    return byNumber.get(number);
  }

  /** The host of that name; null if there is none. */
  public @Nullable HostQueue get(String name) {
    return byName.get(name);
  }

  /** How many there are. */
  public int size() {
    return byNumber.size();
  }

  /** All hosts, by number; a view. */
  public List<HostQueue> all() {
    return Collections.unmodifiableList(byNumber);
  }
}
