package io.sluice.core.stream;

import static io.sluice.core.redis.Script.arg;

import io.sluice.core.lease.LeaseId;
import io.sluice.core.message.RecordId;
import io.sluice.core.redis.RedisPool;
import io.sluice.core.redis.Script;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;

/**
 * A fetcher process's requests to its partition's streams, apart from appending and reading: it
 * finds leases in the streams, and deletes entries. Thread-safe: stateless except for the pool.
 */
public final class PartitionStreams {

  private static final int SCAN_PAGE = 1_000;

  private final RedisPool pool;
  private final PartitionKeys keys;
  private final Ownership ownership;

  /**
   * Creates requests to a partition's streams.
   *
   * @param pool the connections to Redis; borrowed
   * @param ownership entitles the process to change them
   */
  public PartitionStreams(RedisPool pool, PartitionKeys keys, Ownership ownership) {
    this.pool = pool;
    this.keys = keys;
    this.ownership = ownership;
  }

  /**
   * Leases and record-only entries that are waiting for parsers or being parsed.
   *
   * @param leases the leases whose pages are there, each with its entry's id
   * @param records the record-only entries, each with its entry's id
   */
  public record InPages(Map<LeaseId, String> leases, Map<RecordId, String> records) {}

  /** Leases and record-only entries that are waiting for parsers or being parsed. */
  public InPages inPages() {
    InPages found = new InPages(new LinkedHashMap<>(), new LinkedHashMap<>());
    scan(
        keys.pages(),
        (name, entryId) -> {
          LeaseId lease = LeaseId.parse(name);
          RecordId record = lease == null ? RecordId.parse(name) : null;
          if (lease != null) {
            found.leases().put(lease, entryId);
          } else if (record != null) {
            found.records().put(record, entryId);
          }
        });
    return found;
  }

  /** The leases whose pages are waiting for parsers or being parsed, each with its entry's id. */
  public Map<LeaseId, String> leasesInPages() {
    return inPages().leases();
  }

  /** The leases whose outcomes are waiting to be read, each with its entry's id. */
  public Map<LeaseId, String> leasesInOutcomes() {
    Map<LeaseId, String> leases = new LinkedHashMap<>();
    scan(
        keys.outcomes(),
        (name, entryId) -> {
          LeaseId lease = LeaseId.parse(name);
          if (lease != null) {
            leases.put(lease, entryId);
          }
        });
    return leases;
  }

  /** Passes each entry's {@code k} and id to {@code entry}, in the order of the stream. */
  private void scan(String stream, BiConsumer<String, String> entry) {
    String after = "0-0";
    while (true) {
      String from = after;
      List<Object> flat =
          pool.ask(
              commands ->
                  Scripts.SCAN.run(
                      commands, new byte[][] {arg(stream)}, arg(from), arg(SCAN_PAGE)));
      for (int i = 0; i + 1 < flat.size(); i += 2) {
        after = Script.text(flat.get(i));
        entry.accept(Script.text(flat.get(i + 1)), after);
      }
      if (flat.size() < 2 * SCAN_PAGE) {
        return;
      }
    }
  }

  /**
   * Deletes outcomes that are journaled.
   *
   * @return a stage that fails if Redis does not delete them, or if the partition now belongs to
   *     another process
   */
  public CompletionStage<Long> deleteOutcomes(Collection<String> entryIds) {
    byte[][] scriptKeys = {arg(keys.owner()), arg(keys.outcomes())};
    byte[][] args = ownership.with(args(entryIds));
    return pool.submit(commands -> Scripts.JOURNALED.run(commands, scriptKeys, args));
  }

  /**
   * Takes pages back from their consumers, whose commits are refused from then on.
   *
   * @return for each page, in order, whether it was still in the stream
   */
  public List<Boolean> revoke(List<String> entryIds) {
    List<String> words = new ArrayList<>(entryIds);
    words.addFirst(PartitionKeys.GROUP);
    byte[][] scriptKeys = {arg(keys.owner()), arg(keys.pages()), arg(keys.strikes())};
    byte[][] args = ownership.with(args(words));
    List<Boolean> there = new ArrayList<>(entryIds.size());
    pool.ask(commands -> Scripts.REVOKE.run(commands, scriptKeys, args))
        .forEach(answer -> there.add(((Long) answer) > 0));
    return there;
  }

  /**
   * Which of the given entries are no longer in the stream of pages: they were committed or given
   * up, or Redis lost them before the epoch began.
   *
   * @return an empty set if the epoch has changed
   */
  public Set<String> gone(String epoch, List<String> entryIds) {
    List<String> words = new ArrayList<>(entryIds.size() + 2);
    words.add(epoch);
    words.add(PartitionKeys.GROUP);
    words.addAll(entryIds);
    byte[][] scriptKeys = {arg(keys.pages()), arg(keys.epoch())};
    List<Object> answers =
        pool.ask(commands -> Scripts.GONE.run(commands, scriptKeys, args(words)));
    Set<String> gone = new HashSet<>();
    for (int i = 0; i < answers.size(); i++) {
      if ((Long) answers.get(i) > 0) {
        gone.add(entryIds.get(i));
      }
    }
    return gone;
  }

  private static byte[][] args(Collection<String> words) {
    return words.stream().map(Script::arg).toArray(byte[][]::new);
  }
}
