package io.sluice.frontier.state;

import io.sluice.core.resource.Ledger;
import io.sluice.frontier.journal.Disk;
import io.sluice.frontier.queue.QueueFiles;
import io.sluice.frontier.seen.SeenFiles;
import java.nio.file.Path;
import java.util.concurrent.Executor;

/**
 * Where a shard's files are, their ledger, and the executor of merges. Immutable.
 *
 * @param shard the shard's number
 * @param directory the directory of the shard's files
 * @param crawlLogs the directory of all shards' crawl logs
 * @param compressionLevel gzip level of the crawl log
 * @param queueBytes maximum memory of waiting URLs, in bytes
 * @param seenLimit number of fingerprints in memory at which they are written to a run
 * @param openFiles maximum number of segments and runs that are open together, at least 4
 * @param merges runs merges in the background
 * @param ledger borrowed
 */
public record ShardFiles(
    int shard,
    Path directory,
    Path crawlLogs,
    int compressionLevel,
    long queueBytes,
    int seenLimit,
    int openFiles,
    Disk disk,
    Executor merges,
    Ledger ledger) {

  /** Maximum number of runs; more would make lookups slow. */
  private static final int MAX_RUNS = 24;

  public SeenFiles seen() {
    return new SeenFiles(disk, directory, shard, Math.min(MAX_RUNS, openFiles / 2), ledger);
  }

  public QueueFiles queues() {
    return new QueueFiles(
        shard, directory, queueBytes, openFiles - openFiles / 2, disk, merges, ledger);
  }
}
