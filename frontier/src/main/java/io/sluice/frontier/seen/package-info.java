/**
 * What was offered before. A URL is known by 64 bits of its hash, and by nothing less: of a billion
 * URLs some 0.027 are expected to be taken for another one in all (a pair of them collides in 2.7
 * of a hundred such crawls).
 *
 * <p>A fingerprint is added to a shard's {@link io.sluice.frontier.seen.SeenSet} and is
 * <em>recent</em>: in memory, durable by the journal and the next checkpoint. When the recent ones
 * are many they are <em>spilled</em> as a <em>run</em>, a sorted file of 8.1 bytes a fingerprint.
 * Runs are merged in the background, so that they stay few.
 *
 * <p>To look a fingerprint up costs, in this order: a probe among the recent ones, one among the
 * answers prepared for this turn, one among those found of late, and for each run a cache line of a
 * Bloom filter, and if that does not deny it one read of the page where the fingerprint must be.
 * What a turn is going to ask is {@link io.sluice.frontier.seen.SeenSet#prepare prepared} in
 * ascending order, in which neighbouring pages are one read. Of a run 1.06 bytes a fingerprint are
 * in memory, of one being made as much again; the rest of a set is some 10 MiB at most.
 */
@NullMarked
package io.sluice.frontier.seen;

import org.jspecify.annotations.NullMarked;
