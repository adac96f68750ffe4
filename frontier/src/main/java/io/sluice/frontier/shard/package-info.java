/**
 * A running shard: the URLs of the registered domains assigned to it, confined to one thread.
 *
 * <p>What outlives the process is in its {@link io.sluice.frontier.state.ShardStore}. The {@link
 * io.sluice.frontier.shard.Shard} judges, schedules and counts; it commits each change that must
 * survive a restart to the store, as an {@link io.sluice.frontier.state.Event}. What is known of a
 * lease only while the process runs is in {@link io.sluice.frontier.shard.LiveLease}.
 *
 * <p>One turn of a shard reads top to bottom in {@link io.sluice.frontier.shard.Shard#turn}: handle
 * messages, queue revisits and retries that are due, issue leases, write the journal, hand the
 * leases out, and, when due, sync, answer the callers that are waiting for the sync, and write a
 * checkpoint.
 */
@NullMarked
package io.sluice.frontier.shard;

import org.jspecify.annotations.NullMarked;
