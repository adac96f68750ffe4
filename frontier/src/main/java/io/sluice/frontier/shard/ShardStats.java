package io.sluice.frontier.shard;

import io.sluice.core.lease.Ending;
import io.sluice.core.lease.Priority;
import io.sluice.core.resource.Ledger;
import io.sluice.frontier.journal.Directories;
import io.sluice.frontier.queue.PackedUrl;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The sums of a shard's files, or of several. Immutable.
 *
 * @param shard its number; -1 for a sum
 * @param generation of its checkpoint and journal; for a sum the highest
 * @param queued URLs that wait for a first lease, by priority, the most urgent first
 * @param leases leases that are out: being visited, or with a page that a parser owes
 * @param retries URLs that wait for another attempt
 * @param planned pages that are to be visited again
 * @param ended URLs that ended, by ending; an ending without any is absent
 * @param bytes body bytes received for them
 * @param segments files of queued URLs
 * @param disk bytes of files by kind: checkpoint, journal, queue, seen, other
 */
public record ShardStats(
    int shard,
    long generation,
    long hosts,
    long seen,
    List<Long> queued,
    long leases,
    long retries,
    long planned,
    Map<Ending, Long> ended,
    long bytes,
    int segments,
    Map<String, Long> disk) {

  private static final List<String> KINDS = List.of("checkpoint", "journal", "queue", "seen");

  public ShardStats {
    queued = List.copyOf(queued);
    ended = Map.copyOf(ended);
    disk = Map.copyOf(disk);
  }

  /** The sum of one shard or more. */
  public static ShardStats sum(List<ShardStats> parts) {
    ShardStats sum = parts.getFirst();
    for (ShardStats part : parts.subList(1, parts.size())) {
      sum = sum.plus(part);
    }
    return sum.numbered(-1);
  }

  private ShardStats plus(ShardStats other) {
    Map<Ending, Long> allEnded = new EnumMap<>(Ending.class);
    ended.forEach((ending, count) -> allEnded.merge(ending, count, Long::sum));
    other.ended.forEach((ending, count) -> allEnded.merge(ending, count, Long::sum));
    Map<String, Long> allDisk = new TreeMap<>(disk);
    other.disk.forEach((kind, size) -> allDisk.merge(kind, size, Long::sum));
    Long[] allQueued = queued.toArray(Long[]::new);
    for (int i = 0; i < allQueued.length; i++) {
      allQueued[i] += other.queued.get(i);
    }
    return new ShardStats(
        shard,
        Math.max(generation, other.generation),
        hosts + other.hosts,
        seen + other.seen,
        List.of(allQueued),
        leases + other.leases,
        retries + other.retries,
        planned + other.planned,
        allEnded,
        bytes + other.bytes,
        segments + other.segments,
        allDisk);
  }

  private ShardStats numbered(int number) {
    return new ShardStats(
        number,
        generation,
        hosts,
        seen,
        queued,
        leases,
        retries,
        planned,
        ended,
        bytes,
        segments,
        disk);
  }

  /** URLs of that priority that wait for a first lease. */
  public long queued(Priority priority) {
    return queued.get(PackedUrl.classNumber(priority));
  }

  /** URLs that wait for a first lease, of all priorities. */
  public long queuedInAll() {
    return queued.stream().mapToLong(Long::longValue).sum();
  }

  /** URLs that ended so. */
  public long ended(Ending ending) {
    return ended.getOrDefault(ending, 0L);
  }

  /** Bytes of a directory's files by kind; a file that vanishes meanwhile is left out. */
  static Map<String, Long> bytesByKind(Path directory, Ledger ledger) throws IOException {
    Map<String, Long> bytes = new TreeMap<>();
    for (Path file : Directories.list(directory, ledger)) {
      try {
        bytes.merge(kind(file), Files.size(file), Long::sum);
      } catch (NoSuchFileException e) {
        // Its owner deleted it.
      }
    }
    return bytes;
  }

  private static String kind(Path file) {
    String name = String.valueOf(file.getFileName());
    int dash = name.indexOf('-');
    String kind = dash < 0 ? name : name.substring(0, dash);
    return KINDS.contains(kind) ? kind : "other";
  }
}
