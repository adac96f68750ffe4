/**
 * The fetcher: from a lease to a page in Redis.
 *
 * <p>A {@link io.sluice.core.lease.Lease} arrives at the {@link io.sluice.fetcher.Fetcher} on its
 * shard's thread and moves to the lane of its host, where it stays. There the {@link
 * io.sluice.fetcher.CrawlLoop} takes it through guard, robots and fetch to a {@link
 * io.sluice.fetcher.VisitResult}; the {@link io.sluice.fetcher.FetchPolicy} decides what follows,
 * and the loop carries that out: the page is handed over, or the lease is settled. Every request on
 * the way passes the {@linkplain io.sluice.fetcher.gate.Gate gate}.
 */
@NullMarked
package io.sluice.fetcher;

import org.jspecify.annotations.NullMarked;
