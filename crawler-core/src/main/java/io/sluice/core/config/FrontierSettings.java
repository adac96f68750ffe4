package io.sluice.core.config;

import java.time.Duration;

/**
 * The frontier's size and durability. Immutable.
 *
 * @param shards number of parts of the frontier, each with a thread; fixed when the crawl directory
 *     is created
 * @param syncInterval maximum time between two syncs of the journals, and so the most that a power
 *     failure can lose
 * @param checkpointInterval how often a shard writes its whole state and begins a new journal
 * @param outstandingPages maximum number of pages whose outcomes parsers owe
 * @param outstandingBytes maximum size of pages and their outcomes in Redis
 * @param leaseTimeout how long an outstanding lease may lack an outcome before it is revoked
 * @param queueBytes maximum memory of waiting URLs, over all shards; further ones are on disk
 * @param openFiles maximum number of segments and runs that a shard keeps open
 */
public record FrontierSettings(
    int shards,
    Duration syncInterval,
    Duration checkpointInterval,
    int outstandingPages,
    long outstandingBytes,
    Duration leaseTimeout,
    long queueBytes,
    int openFiles) {

  /** These settings with another maximum size of pages and outcomes in Redis. */
  public FrontierSettings withOutstandingBytes(long other) {
    return with(other, queueBytes, openFiles);
  }

  /** These settings with a different amount of memory for waiting URLs. */
  public FrontierSettings withQueueBytes(long other) {
    return with(outstandingBytes, other, openFiles);
  }

  /** These settings with another number of open files for each shard. */
  public FrontierSettings withOpenFiles(int other) {
    return with(outstandingBytes, queueBytes, other);
  }

  private FrontierSettings with(long inRedis, long ofQueues, int files) {
    return new FrontierSettings(
        shards,
        syncInterval,
        checkpointInterval,
        outstandingPages,
        inRedis,
        leaseTimeout,
        ofQueues,
        files);
  }
}
