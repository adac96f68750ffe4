/**
 * A shard: the URLs of the registered domains that fall to it, confined to one thread.
 *
 * <p>What is known of those URLs, the {@link io.sluice.frontier.shard.ShardState}, changes by
 * {@link io.sluice.frontier.shard.Event events} alone. The {@link io.sluice.frontier.shard.Shard}
 * judges, schedules and counts; each change that must outlive the process it appends to the journal
 * as an event and applies to the state. Recovery loads the last checkpoint and applies the
 * journal's events again, so it cannot differ from what happened.
 *
 * <p>One turn of a shard reads top to bottom in {@link io.sluice.frontier.shard.Shard#turn}: handle
 * messages, wake retries, issue leases, write the journal, hand the leases out, and when it is time
 * sync, answer those who wait for the sync, and write a checkpoint.
 */
@NullMarked
package io.sluice.frontier.shard;

import org.jspecify.annotations.NullMarked;
