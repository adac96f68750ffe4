package io.sluice.frontier.queue;

import io.sluice.core.resource.Ledger;
import io.sluice.frontier.journal.Disk;
import java.nio.file.Path;
import java.util.concurrent.Executor;

/**
 * Where a shard's queues are. Immutable.
 *
 * @param directory the shard's own
 * @param memoryBytes URLs that wait in memory may take up so much; then they go to a segment
 * @param openFiles segments that are open at most, and that are merged at a time
 * @param merges runs what rewrites segments, on a thread of its own
 * @param ledger borrowed
 */
public record QueuePlace(
    int shard,
    Path directory,
    long memoryBytes,
    int openFiles,
    Disk disk,
    Executor merges,
    Ledger ledger) {}
