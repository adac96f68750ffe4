package io.sluice.frontier.shard;

import io.sluice.core.resource.Ledger;
import io.sluice.frontier.journal.Disk;
import java.nio.file.Path;

/**
 * Where a shard's files are and who keeps the books on them. Immutable.
 *
 * @param shard the shard's number
 * @param directory the shard's own
 * @param crawlLogs where the crawl logs of all shards are
 * @param compressionLevel gzip level of the crawl log
 * @param ledger borrowed
 */
public record ShardPlace(
    int shard, Path directory, Path crawlLogs, int compressionLevel, Disk disk, Ledger ledger) {}
