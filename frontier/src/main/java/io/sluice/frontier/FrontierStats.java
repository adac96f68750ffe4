package io.sluice.frontier;

import io.sluice.core.lease.Ending;
import io.sluice.frontier.scope.Refusal;
import java.util.Map;

/**
 * The frontier at a glance: the sum of what each shard last published. Immutable.
 *
 * @param queued URLs that wait for a lease, retries included
 * @param leased leases whose page is not yet in Redis
 * @param outstanding leases whose outcome a parser owes
 * @param seen URLs ever accepted in this crawl directory
 * @param hosts hosts ever seen in this crawl directory
 * @param done URLs that ended in this crawl directory, by ending; every ending is present
 * @param bytes body bytes received for them
 * @param offers offers of this run
 * @param refused refused offers of this run by reason; every reason is present
 */
public record FrontierStats(
    long queued,
    long leased,
    long outstanding,
    long seen,
    long hosts,
    Map<Ending, Long> done,
    long bytes,
    OfferCounts offers,
    Map<Refusal, Long> refused) {

  public FrontierStats {
    done = Map.copyOf(done);
    refused = Map.copyOf(refused);
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
