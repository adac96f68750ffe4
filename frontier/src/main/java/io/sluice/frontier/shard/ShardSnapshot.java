package io.sluice.frontier.shard;

import io.sluice.core.lease.Ending;
import io.sluice.core.lifecycle.LeaseSums;
import io.sluice.frontier.Footprint;
import io.sluice.frontier.OfferCounts;
import io.sluice.frontier.scope.Refusal;
import java.util.Map;

/**
 * A shard at the end of a turn. Immutable.
 *
 * @param queued URLs that wait for a lease
 * @param leased leases whose page is not yet in Redis
 * @param outstanding leases whose outcome is owed
 * @param revisits pages that wait to be visited again
 * @param seen fingerprints
 * @param hosts hosts ever seen
 * @param done visits that ended a URL's turn, by ending
 * @param bytes body bytes of these
 * @param offers offers of this run
 * @param refused refused offers of this run, by reason
 * @param leases what became of the leases of this run, none of them forced
 * @param footprint what the shard takes up
 */
public record ShardSnapshot(
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
    LeaseSums leases,
    Footprint footprint) {}
