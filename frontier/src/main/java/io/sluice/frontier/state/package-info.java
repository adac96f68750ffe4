/**
 * The state of a shard that survives a restart, and its files.
 *
 * <p>Everything known about a shard's URLs, the {@link io.sluice.frontier.state.ShardState},
 * changes only by {@link io.sluice.frontier.state.Event events}. A {@link
 * io.sluice.frontier.state.ShardStore} appends each event to the journal, applies it to the state,
 * and now and then writes the whole state to a {@link io.sluice.frontier.state.Checkpoint
 * checkpoint}, with which a new journal begins. Recovery loads the last checkpoint and applies the
 * journal's events again, so it arrives at exactly the same state. Waiting URLs and fingerprints
 * have files of their own, in {@link io.sluice.frontier.queue} and {@link io.sluice.frontier.seen},
 * which a checkpoint names.
 *
 * <p>The shard of a running crawl ({@link io.sluice.frontier.shard}), queries ({@link
 * io.sluice.frontier.inspect}) and repairs ({@link io.sluice.frontier.repair}) all start here; this
 * package does not depend on them.
 */
@NullMarked
package io.sluice.frontier.state;

import org.jspecify.annotations.NullMarked;
