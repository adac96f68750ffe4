/**
 * A shard: the URLs of the registered domains assigned to it, confined to one thread.
 *
 * <p>Everything known about those URLs, the {@link io.sluice.frontier.shard.ShardState}, changes
 * only by {@link io.sluice.frontier.shard.Event events}. The {@link io.sluice.frontier.shard.Shard}
 * judges, schedules and counts; it appends each change that must outlive the process to the
 * journal, as an event, and applies it to the state. Recovery loads the last checkpoint and applies
 * the journal's events again, so it arrives at exactly the same state.
 *
 * <p>One turn of a shard reads top to bottom in {@link io.sluice.frontier.shard.Shard#turn}: handle
 * messages, wake retries, issue leases, write the journal, hand the leases out, and, when due,
 * sync, answer the callers that wait for the sync, and write a checkpoint.
 */
@NullMarked
package io.sluice.frontier.shard;

import org.jspecify.annotations.NullMarked;
