package io.sluice.frontier.shard;

import io.sluice.core.resource.Ledger;
import io.sluice.frontier.journal.Disk;
import io.sluice.frontier.queue.QueuePlace;
import io.sluice.frontier.seen.SeenPlace;
import java.nio.file.Path;
import java.util.concurrent.Executor;

/**
 * Where a shard's files are, who keeps the books on them and who works on them. Immutable.
 *
 * @param shard the shard's number
 * @param directory the shard's own
 * @param crawlLogs where the crawl logs of all shards are
 * @param compressionLevel gzip level of the crawl log
 * @param queueBytes URLs that wait in memory may take up so much
 * @param seenLimit so many fingerprints wait in memory before they go to a run
 * @param openFiles segments and runs together that are open at most, at least 4
 * @param merges runs what rewrites files in the background
 * @param ledger borrowed
 */
public record ShardPlace(
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

  /** More runs than this make look-ups slow. */
  private static final int MAX_RUNS = 24;

  SeenPlace seen() {
    return new SeenPlace(disk, directory, shard, Math.min(MAX_RUNS, openFiles / 2), ledger);
  }

  QueuePlace queues() {
    return new QueuePlace(
        shard, directory, queueBytes, openFiles - openFiles / 2, disk, merges, ledger);
  }
}
