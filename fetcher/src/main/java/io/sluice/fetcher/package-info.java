/**
 * The fetcher: from a lease to a page in Redis.
 *
 * <p>A {@link io.sluice.core.lease.Lease} arrives at the {@link io.sluice.fetcher.Fetcher} on its
 * shard's thread and hops to the lane of its host, where it stays. There the {@link
 * io.sluice.fetcher.CrawlLoop} takes it through guard, robots and fetch to a {@link
 * io.sluice.fetcher.FetchOutcome}; the {@link io.sluice.fetcher.FetchPolicy} makes of that a
 * decision, and the loop carries it out: the page is handed over, or the lease is settled.
 */
@NullMarked
package io.sluice.fetcher;

import org.jspecify.annotations.NullMarked;
