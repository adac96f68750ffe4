package io.sluice.frontier.queue;

import io.sluice.core.resource.Ledger;
import io.sluice.frontier.journal.Disk;
import java.nio.file.Path;
import java.util.concurrent.Executor;

/**
 * Where a shard's queues are stored. Immutable.
 *
 * @param directory the directory of the shard's files
 * @param memoryBytes maximum memory of waiting URLs, in bytes; beyond that they are spilled to a
 *     segment
 * @param openFiles maximum number of segments that are open, and maximum number merged at a time
 * @param merges runs merges, on a thread of its own
 * @param ledger borrowed
 */
public record QueueFiles(
    int shard,
    Path directory,
    long memoryBytes,
    int openFiles,
    Disk disk,
    Executor merges,
    Ledger ledger) {}
