package io.sluice.frontier;

import io.sluice.core.lease.Offer;
import io.sluice.core.url.Domains;
import io.sluice.frontier.seen.Fingerprints;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Which shard a URL belongs to: its registered domain decides. Thread-safe: the answers are kept in
 * a bounded concurrent map.
 */
final class Router {

  /** Hosts whose shard is remembered; when there are more, all are forgotten. */
  private static final int REMEMBERED = 100_000;

  private final Fingerprints fingerprints;
  private final int shards;
  private final Map<String, Integer> shardOfHost = new ConcurrentHashMap<>();

  Router(Fingerprints fingerprints, int shards) {
    this.fingerprints = fingerprints;
    this.shards = shards;
  }

  /** The shard of a host. */
  int shardOf(String host) {
    Integer known = shardOfHost.get(host);
    if (known != null) {
      return known;
    }
    if (shardOfHost.size() >= REMEMBERED) {
      shardOfHost.clear();
    }
    long name = fingerprints.of(Domains.registeredDomain(host));
    int shard = Math.floorMod(name, shards);
    shardOfHost.put(host, shard);
    return shard;
  }

  /** The offers by shard, in their order. */
  Map<Integer, List<Offer>> sort(Collection<Offer> offers) {
    Map<Integer, List<Offer>> sorted = new TreeMap<>();
    for (Offer offer : offers) {
      sorted.computeIfAbsent(shardOf(offer.url().host()), _ -> new ArrayList<>()).add(offer);
    }
    return sorted;
  }
}
