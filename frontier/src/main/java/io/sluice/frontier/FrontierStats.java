package io.sluice.frontier;

import io.sluice.core.lease.Ending;
import io.sluice.frontier.scope.Refusal;
import io.sluice.frontier.shard.ShardSnapshot;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;

/**
 * The frontier at a glance: the sum of what each shard last published. Immutable.
 *
 * @param queued URLs that wait for a lease, retries included
 * @param leased leases whose page is not yet in Redis
 * @param outstanding leases whose outcome a parser owes
 * @param revisits pages that wait until they are due to be visited again
 * @param seen URLs ever accepted in this crawl directory, and seeds refused
 * @param hosts hosts ever seen in this crawl directory
 * @param done URLs that ended in this crawl directory, by ending, each as often as it was visited
 *     to an end; an ending without any is absent
 * @param bytes body bytes received for them
 * @param offers offers of this run
 * @param refused refused offers of this run by reason; a reason without any is absent
 * @param footprint what the frontier takes up
 */
public record FrontierStats(
    long queued,
    long leased,
    long outstanding,
    long revisits,
    long seen,
    long hosts,
    Map<Ending, Long> done,
    long bytes,
    OfferCounts offers,
    Map<Refusal, Long> refused,
    Footprint footprint) {

  public FrontierStats {
    done = Map.copyOf(done);
    refused = Map.copyOf(refused);
  }

  /** The sum of the shards. */
  static FrontierStats sum(List<ShardSnapshot> shards) {
    Map<Ending, Long> done = new EnumMap<>(Ending.class);
    Map<Refusal, Long> refused = new EnumMap<>(Refusal.class);
    OfferCounts offers = OfferCounts.NONE;
    for (ShardSnapshot shard : shards) {
      shard.done().forEach((ending, count) -> done.merge(ending, count, Long::sum));
      shard.refused().forEach((refusal, count) -> refused.merge(refusal, count, Long::sum));
      offers = offers.plus(shard.offers());
    }
    return new FrontierStats(
        total(shards, ShardSnapshot::queued),
        total(shards, ShardSnapshot::leased),
        total(shards, ShardSnapshot::outstanding),
        total(shards, ShardSnapshot::revisits),
        total(shards, ShardSnapshot::seen),
        total(shards, ShardSnapshot::hosts),
        done,
        total(shards, ShardSnapshot::bytes),
        offers,
        refused,
        shards.stream().map(ShardSnapshot::footprint).reduce(Footprint.NONE, Footprint::plus));
  }

  private static long total(List<ShardSnapshot> shards, ToLongFunction<ShardSnapshot> part) {
    return shards.stream().mapToLong(part).sum();
  }

  /** URLs that ended so. */
  public long done(Ending ending) {
    return done.getOrDefault(ending, 0L);
  }

  /** URLs that ended, in whatever way. */
  public long ended() {
    return done.values().stream().mapToLong(Long::longValue).sum();
  }
}
