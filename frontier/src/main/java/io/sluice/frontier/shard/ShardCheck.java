package io.sluice.frontier.shard;

import io.sluice.frontier.crawllog.CrawlLogReader;
import io.sluice.frontier.journal.DamagedFileException;
import io.sluice.frontier.queue.ExtentName;
import io.sluice.frontier.queue.HostQueue;
import io.sluice.frontier.queue.SegmentCheck;
import io.sluice.frontier.queue.SegmentName;
import io.sluice.frontier.recrawl.Calendar;
import io.sluice.frontier.seen.Fingerprints;
import io.sluice.frontier.seen.SeenSet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToIntFunction;

/**
 * Reads all of a shard's files and looks whether they agree. A shard that is owned may go on
 * meanwhile; then it is begun again. Used once, on one thread.
 */
public final class ShardCheck {

  private static final int TRIES = 20;

  /** Problems told of a shard at most. */
  private static final int MAX_PROBLEMS = 1000;

  /**
   * What came of it.
   *
   * @param urls URLs looked at that have not ended
   * @param files files read
   * @param problems one line each, the first {@value #MAX_PROBLEMS}
   */
  public record Result(long urls, int files, List<String> problems) {
    public Result {
      problems = List.copyOf(problems);
    }
  }

  private final ShardPlace place;
  private final Fingerprints fingerprints;
  private final ToIntFunction<String> shardOf;
  private final List<String> problems = new ArrayList<>();
  private final Map<Long, SegmentCheck> segments = new HashMap<>();
  private long urls;
  private int files;

  private ShardCheck(ShardPlace place, Fingerprints fingerprints, ToIntFunction<String> shardOf) {
    this.place = place;
    this.fingerprints = fingerprints;
    this.shardOf = shardOf;
  }

  /**
   * Checks a shard.
   *
   * @param shardOf which shard a host belongs to
   */
  public static Result check(
      ShardPlace place, Fingerprints fingerprints, ToIntFunction<String> shardOf)
      throws IOException {
    for (int tries = 1; ; tries++) {
      ShardCheck check = new ShardCheck(place, fingerprints, shardOf);
      long generation = check.checkAll();
      if (check.problems.isEmpty() || tries == TRIES || !check.movedOn(generation)) {
        return new Result(check.urls, check.files, check.problems);
      }
    }
  }

  private boolean movedOn(long generation) throws IOException {
    try {
      return ShardView.movedOn(place, generation);
    } catch (DamagedFileException | NoSuchFileException e) {
      return false;
    }
  }

  /** Checks what there is; returns the generation that was looked at, 0 for none. */
  private long checkAll() throws IOException {
    long generation = 0;
    try {
      generation = ShardStore.highestCheckpoint(place);
      check(generation);
    } catch (NoSuchFileException e) {
      problem(e.getMessage() + ": is missing");
    } catch (DamagedFileException e) {
      problem(String.valueOf(e.getMessage()));
    } finally {
      for (SegmentCheck segment : segments.values()) {
        segment.close();
      }
    }
    return generation;
  }

  private void check(long generation) throws IOException {
    Path checkpoint = ShardStore.file(place, ShardStore.CHECKPOINT, generation);
    SoundRuns runs = new SoundRuns(this::problem);
    Checkpoint read = CheckpointReader.read(checkpoint, generation, place, runs);
    files += 1 + runs.sound();
    try (ShardState state = read.state()) {
      for (SegmentName segment : state.queues().segments()) {
        checkSegment(segment);
      }
      checkLog(read.crawlLogLength());
      replay(generation, state);
      // Where a run is missing each URL would seem to be.
      SeenSet seen = runs.someLost() ? null : state.seen();
      UrlCheck check = new UrlCheck(place.directory(), seen, fingerprints, this::problem);
      checkUrls(state, check);
      check.flush();
      urls += check.urls();
    }
  }

  private void replay(long generation, ShardState state) throws IOException {
    ShardStore.replay(place, generation, state, (_, _) -> {});
    files++;
  }

  private void checkSegment(SegmentName name) throws IOException {
    try {
      SegmentCheck segment =
          SegmentCheck.open(place.shard(), place.directory(), name.number(), place.ledger());
      segments.put(name.number(), segment);
      files++;
      segment.whole(name.urls(), this::problem);
    } catch (DamagedFileException e) {
      problem(String.valueOf(e.getMessage()));
    }
  }

  /** The certain part of the crawl log; one that was taken away is begun anew. */
  private void checkLog(long certainLength) throws IOException {
    Path file = CrawlLogReader.file(place.crawlLogs(), place.shard());
    if (!Files.exists(file)) {
      return;
    }
    files++;
    if (Files.size(file) < certainLength) {
      problem("%s: is shorter than the %d bytes that are certain".formatted(file, certainLength));
      return;
    }
    try (CrawlLogReader log = CrawlLogReader.open(file, certainLength, place.ledger())) {
      while (log.next() != null) {
        // Reading is the check.
      }
    } catch (IOException e) {
      problem(String.valueOf(e.getMessage()));
    }
  }

  private void checkUrls(ShardState state, UrlCheck check) throws IOException {
    for (HostQueue host : state.hosts()) {
      if (!Calendar.isBucket(host) && shardOf.applyAsInt(host.name()) != place.shard()) {
        problem("%s: host %s belongs to another shard".formatted(place.directory(), host.name()));
      }
      state.queues().visitReturned(host, (_, url) -> check.url(host, url, "given back"));
      for (ExtentName extent : state.queues().extents(host)) {
        checkExtent(check, host, extent);
      }
      state.queues().visitMemory(host, (_, url) -> check.url(host, url, "queued"));
    }
    for (WaitingRetry retry : state.retries()) {
      check.url(retry.host(), retry.url(), "to be visited again");
    }
    for (OpenLease lease : state.leases()) {
      check.url(lease.host(), lease.url(), "leased");
    }
  }

  private void checkExtent(UrlCheck check, HostQueue host, ExtentName extent) throws IOException {
    SegmentCheck segment = segments.get(extent.segment());
    if (segment == null) {
      return; // Its own problem was told.
    }
    try {
      segment.visit(extent, host.id(), (_, url) -> check.url(host, url, "queued"));
    } catch (DamagedFileException e) {
      problem(e.getMessage() + ", where URLs of host " + host.name() + " wait");
    }
  }

  private void problem(String line) {
    if (problems.size() < MAX_PROBLEMS) {
      problems.add(line);
    } else if (problems.size() == MAX_PROBLEMS) {
      problems.add(place.directory() + ": has more problems than these");
    }
  }
}
