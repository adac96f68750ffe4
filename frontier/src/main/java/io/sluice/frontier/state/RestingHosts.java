package io.sluice.frontier.state;

import io.sluice.core.lease.Reason;
import io.sluice.frontier.state.Event.LeftAlone;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The hosts whose pauses are longer than their delay and must survive a restart. Expired entries
 * are removed when others are added, so that there are at most about twice as many entries as
 * pauses in force. Confined to its shard's thread.
 */
public final class RestingHosts {

  private static final int FEW = 64;

  private final Map<String, LeftAlone> hosts = new HashMap<>();
  private int pruneAt = FEW;

  RestingHosts() {}

  void add(LeftAlone host) {
    hosts.merge(host.host(), host, RestingHosts::longer);
    if (hosts.size() >= pruneAt) {
      hosts.values().removeIf(known -> !known.until().isAfter(host.at()));
      pruneAt = Math.max(FEW, 2 * hosts.size());
    }
  }

  /**
   * Which of two pauses to keep. If the host requested a pause and our own is longer, ours is kept
   * and counts as requested.
   */
  private static LeftAlone longer(LeftAlone known, LeftAlone added) {
    if (known.until().isAfter(added.until()) && !known.at().isAfter(added.at())) {
      return known;
    }
    boolean asked = known.asked() && known.until().isAfter(added.at());
    return asked
        ? new LeftAlone(added.host(), added.at(), added.until(), Reason.RETRY_AFTER.word())
        : added;
  }

  /** All entries, including some whose pause is over. */
  public Collection<LeftAlone> all() {
    return List.copyOf(hosts.values());
  }

  /** The number of hosts that are left alone at the given time. */
  public int count(Instant now) {
    return (int) hosts.values().stream().filter(host -> host.until().isAfter(now)).count();
  }

  /** The remaining pause that a host requested; zero if it requested none. */
  public Duration asked(String host, Instant now) {
    LeftAlone known = hosts.get(host);
    return known != null && known.asked() ? known.rest(now) : Duration.ZERO;
  }
}
