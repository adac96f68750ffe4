package io.sluice.core.config;

import java.time.Duration;

/**
 * The frontier's size and durability. Immutable.
 *
 * @param shards parts of the frontier, each with a thread; fixed when the crawl directory is made
 * @param syncInterval journals are synced at least this often; what a power failure can cost
 * @param checkpointInterval how often a shard writes its state whole and begins a new journal
 * @param outstandingPages pages that parsers may owe at most
 * @param outstandingBytes bytes of pages and of their outcomes that Redis may hold at most
 * @param leaseTimeout an outstanding lease without an outcome is revoked after this
 * @param queueBytes URLs that wait take up so much memory, over all shards; others are on disk
 * @param openFiles segments and runs that a shard keeps open at most
 */
public record FrontierSettings(
    int shards,
    Duration syncInterval,
    Duration checkpointInterval,
    int outstandingPages,
    long outstandingBytes,
    Duration leaseTimeout,
    long queueBytes,
    int openFiles) {}
