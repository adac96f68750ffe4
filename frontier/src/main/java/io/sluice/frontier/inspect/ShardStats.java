package io.sluice.frontier.inspect;

import io.sluice.core.lease.Ending;
import io.sluice.core.lease.Priority;
import io.sluice.core.resource.Ledger;
import io.sluice.frontier.hold.HostState.Kind;
import io.sluice.frontier.journal.Directories;
import io.sluice.frontier.queue.QueueClass;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BinaryOperator;

/**
 * The sums of a shard's files, or of several. Immutable.
 *
 * @param shard the shard's number; -1 for a sum
 * @param generation generation of its checkpoint and journal; for a sum, the highest
 * @param queued URLs of hosts that are not given up, by class, as {@link QueueClass} numbers them
 * @param leases leases that are out: being visited, or waiting for a parser's outcome
 * @param retries URLs that are waiting for another attempt
 * @param planned pages that are to be visited again
 * @param setAside URLs that the current settings refuse
 * @param givenUp URLs whose hosts were given up
 * @param hostStates hosts by state
 * @param heldHosts hosts that are held, by the reason for the hold
 * @param givenUpHosts hosts that were given up, by the reason for that
 * @param ended URLs that ended, by ending; endings without URLs are absent
 * @param bytes body bytes received for the URLs that ended
 * @param segments number of files of queued URLs
 * @param disk bytes of files by kind: checkpoint, journal, queue, seen, other
 */
public record ShardStats(
    int shard,
    long generation,
    long seen,
    List<Long> queued,
    long leases,
    long retries,
    long planned,
    long setAside,
    long givenUp,
    Map<Kind, Integer> hostStates,
    Map<String, Integer> heldHosts,
    Map<String, Integer> givenUpHosts,
    Map<Ending, Long> ended,
    long bytes,
    int segments,
    Map<String, Long> disk) {

  private static final List<String> KINDS = List.of("checkpoint", "journal", "queue", "seen");

  public ShardStats {
    queued = List.copyOf(queued);
    hostStates = Map.copyOf(hostStates);
    heldHosts = Map.copyOf(heldHosts);
    givenUpHosts = Map.copyOf(givenUpHosts);
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
    Long[] allQueued = queued.toArray(Long[]::new);
    for (int i = 0; i < allQueued.length; i++) {
      allQueued[i] += other.queued.get(i);
    }
    return new ShardStats(
        shard,
        Math.max(generation, other.generation),
        seen + other.seen,
        List.of(allQueued),
        leases + other.leases,
        retries + other.retries,
        planned + other.planned,
        setAside + other.setAside,
        givenUp + other.givenUp,
        sum(hostStates, other.hostStates, Integer::sum),
        sum(heldHosts, other.heldHosts, Integer::sum),
        sum(givenUpHosts, other.givenUpHosts, Integer::sum),
        sum(ended, other.ended, Long::sum),
        bytes + other.bytes,
        segments + other.segments,
        sum(disk, other.disk, Long::sum));
  }

  private static <K, N> Map<K, N> sum(Map<K, N> one, Map<K, N> other, BinaryOperator<N> plus) {
    Map<K, N> sums = new HashMap<>(one);
    other.forEach((key, count) -> sums.merge(key, count, plus));
    return sums;
  }

  private ShardStats numbered(int number) {
    return new ShardStats(
        number,
        generation,
        seen,
        queued,
        leases,
        retries,
        planned,
        setAside,
        givenUp,
        hostStates,
        heldHosts,
        givenUpHosts,
        ended,
        bytes,
        segments,
        disk);
  }

  /** Hosts that were ever seen. */
  public long hosts() {
    return hostStates.values().stream().mapToLong(Integer::longValue).sum();
  }

  /** URLs of the given priority that are waiting for a lease, except retries. */
  public long queued(Priority priority) {
    return queued.get(QueueClass.of(priority));
  }

  /** URLs that are waiting for a lease, except those of given-up hosts. */
  public long queuedInAll() {
    return queued.stream().mapToLong(Long::longValue).sum() - queued.get(QueueClass.SET_ASIDE);
  }

  /** URLs among {@link #queuedInAll} whose next attempt is due. */
  public long dueRetries() {
    return queued.get(QueueClass.RETRY);
  }

  /** Hosts in a state. */
  public int hosts(Kind state) {
    return hostStates.getOrDefault(state, 0);
  }

  /** Number of URLs with the given ending. */
  public long ended(Ending ending) {
    return ended.getOrDefault(ending, 0L);
  }

  /** Sizes of a directory's files by kind; a file that vanishes meanwhile is left out. */
  static Map<String, Long> bytesByKind(Path directory, Ledger ledger) throws IOException {
    Map<String, Long> bytes = new TreeMap<>();
    for (Path file : Directories.list(directory, ledger)) {
      try {
        bytes.merge(kind(file), Files.size(file), Long::sum);
      } catch (NoSuchFileException e) {
        // Its owner has deleted it.
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
