package io.sluice.frontier;

import io.sluice.core.lease.Offer;
import io.sluice.core.url.Domains;
import io.sluice.frontier.seen.Fingerprints;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Maps a URL to its shard, by its registered domain. Answers are cached in a table of 8 MiB, in
 * which each host has one slot and overwrites the previous host there. Thread-safe: an entry is a
 * single number.
 */
final class Router {

  private static final int PLACES = 1 << 20;

  /** Lowest bits of an entry: the shard's number plus one. The other bits are those of the hash. */
  private static final long SHARD = 0xFFFF;

  private final Fingerprints fingerprints;
  private final int shards;
  private final AtomicLongArray known = new AtomicLongArray(PLACES);

  Router(Fingerprints fingerprints, int shards) {
    this.fingerprints = fingerprints;
    this.shards = shards;
  }

  /** The shard of a host. */
  int shardOf(String host) {
    long hash = fingerprints.of(host);
    int place =
        (int) hash & PLACES - 1; // given by the bits that entries lack, so that all 64 are compared
    long entry = known.getOpaque(place);
    if (entry != 0 && ((entry ^ hash) & ~SHARD) == 0) {
      return (int) (entry & SHARD) - 1;
    }
    int shard = Math.floorMod(fingerprints.of(Domains.registeredDomain(host)), shards);
    known.setOpaque(place, (hash & ~SHARD) | (shard + 1));
    return shard;
  }

  /** Groups the offers by shard, each group in the given order. */
  Map<Integer, List<Offer>> sort(Collection<Offer> offers) {
    List<List<Offer>> byShard = new ArrayList<>(shards);
    for (int shard = 0; shard < shards; shard++) {
      byShard.add(new ArrayList<>());
    }
    for (Offer offer : offers) {
      byShard.get(shardOf(offer.url().host())).add(offer);
    }
    Map<Integer, List<Offer>> sorted = new TreeMap<>();
    for (int shard = 0; shard < shards; shard++) {
      if (!byShard.get(shard).isEmpty()) {
        sorted.put(shard, byShard.get(shard));
      }
    }
    return sorted;
  }
}
