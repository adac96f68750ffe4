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
    Disk disk,
    Executor merges,
    Ledger ledger) {

  SeenPlace seen() {
    return new SeenPlace(disk, directory, shard, ledger);
  }

  QueuePlace queues() {
    return new QueuePlace(shard, directory, queueBytes, disk, merges, ledger);
  }
}
