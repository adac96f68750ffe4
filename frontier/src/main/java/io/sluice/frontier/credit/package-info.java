/**
 * How many visits of each kind, and of each shard, may be in progress: the bounds that all shards
 * share.
 *
 * <p>A shard takes {@link io.sluice.frontier.credit.Credit} for each lease before it issues the
 * lease. The lease holds a place among the visits until its visit is over, and pages and bytes
 * until its settlement is synced; so leases stop when parsers are slow. {@link
 * io.sluice.frontier.credit.VisitPlaces} divides the places among the kinds of visits by their
 * recent {@link io.sluice.frontier.credit.Demand}, so that none of them can block the others. A
 * shard that gets nothing is recorded as waiting, and woken when there is room.
 */
@NullMarked
package io.sluice.frontier.credit;

import org.jspecify.annotations.NullMarked;
