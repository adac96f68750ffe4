/**
 * Checks shards, and changes those whose crawl is not running. {@link
 * io.sluice.frontier.repair.ShardCheck} reads every file and reports damage; {@link
 * io.sluice.frontier.repair.ShardRepair} saves what can be read of checkpoint and journal and
 * writes them again; {@link io.sluice.frontier.repair.ShardPurge} removes a host, and {@link
 * io.sluice.frontier.repair.ShardRetry} queues ended URLs again. A check may run beside a crawl;
 * whatever changes a shard holds the directory's lock, so that no crawl starts meanwhile.
 */
@NullMarked
package io.sluice.frontier.repair;

import org.jspecify.annotations.NullMarked;
