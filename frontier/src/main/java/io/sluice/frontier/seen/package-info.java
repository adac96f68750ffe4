/**
 * The URLs that were offered before. A URL is identified by 64 bits of its hash: among a billion
 * URLs about 0.027 are expected to be mistaken for another one (two of them collide in 2.7 % of
 * such crawls).
 *
 * <p>A fingerprint is added to a shard's {@link io.sluice.frontier.seen.SeenSet} and is
 * <em>recent</em>: in memory, durable by the journal and the next checkpoint. When there are many
 * recent ones, they are <em>spilled</em> as a <em>run</em>, a sorted file of 8.1 bytes per
 * fingerprint. Runs are merged in the background, so that they stay few.
 *
 * <p>Looking up a fingerprint costs, in this order: a probe among the recent ones, one among the
 * answers prepared for this turn, one among those found recently, and for each run one cache line
 * of a Bloom filter and, unless the filter excludes it, one read of the page where the fingerprint
 * must be. All fingerprints that a turn is going to look up are {@link
 * io.sluice.frontier.seen.SeenSet#prepare prepared} in ascending order, so that neighbouring pages
 * are read together. A run takes 1.06 bytes of memory per fingerprint, and as much again while it
 * is being written; the rest of a set takes at most about 10 MiB.
 */
@NullMarked
package io.sluice.frontier.seen;

import org.jspecify.annotations.NullMarked;
