package io.sluice.frontier.repair;

import io.sluice.frontier.crawllog.CrawlLogReader;
import io.sluice.frontier.inspect.ShardView;
import io.sluice.frontier.journal.DamagedFileException;
import io.sluice.frontier.queue.ExtentName;
import io.sluice.frontier.queue.HostQueue;
import io.sluice.frontier.queue.SegmentCheck;
import io.sluice.frontier.queue.SegmentName;
import io.sluice.frontier.seen.Fingerprints;
import io.sluice.frontier.seen.SeenSet;
import io.sluice.frontier.state.Checkpoint;
import io.sluice.frontier.state.CheckpointReader;
import io.sluice.frontier.state.OpenLease;
import io.sluice.frontier.state.ShardFiles;
import io.sluice.frontier.state.ShardState;
import io.sluice.frontier.state.ShardStore;
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
 * Reads all files of a shard and checks whether they are consistent. If the shard's owner writes a
 * new generation meanwhile, the check starts over. Used once, on one thread.
 */
public final class ShardCheck {

  private static final int TRIES = 20;

  /** Maximum number of problems reported for a shard. */
  private static final int MAX_PROBLEMS = 1000;

  /**
   * The result.
   *
   * @param urls URLs checked that have not ended
   * @param files files read
   * @param problems one line each, the first {@value #MAX_PROBLEMS}
   */
  public record Result(long urls, int files, List<String> problems) {
    public Result {
      problems = List.copyOf(problems);
    }
  }

  private final ShardFiles files;
  private final Fingerprints fingerprints;
  private final ToIntFunction<String> shardOf;
  private final List<String> problems = new ArrayList<>();
  private final Map<Long, SegmentCheck> segments = new HashMap<>();
  private long urls;
  private int filesRead;

  private ShardCheck(ShardFiles files, Fingerprints fingerprints, ToIntFunction<String> shardOf) {
    this.files = files;
    this.fingerprints = fingerprints;
    this.shardOf = shardOf;
  }

  /**
   * Checks a shard.
   *
   * @param shardOf which shard a host belongs to
   */
  public static Result check(
      ShardFiles files, Fingerprints fingerprints, ToIntFunction<String> shardOf)
      throws IOException {
    for (int tries = 1; ; tries++) {
      ShardCheck check = new ShardCheck(files, fingerprints, shardOf);
      long generation = check.checkAll();
      if (check.problems.isEmpty() || tries == TRIES || !check.movedOn(generation)) {
        return new Result(check.urls, check.filesRead, check.problems);
      }
    }
  }

  private boolean movedOn(long generation) throws IOException {
    try {
      return ShardView.movedOn(files, generation);
    } catch (DamagedFileException | NoSuchFileException e) {
      return false;
    }
  }

  /** Checks everything; returns the generation that was checked, 0 for none. */
  private long checkAll() throws IOException {
    long generation = 0;
    try {
      generation = ShardStore.highestCheckpoint(files);
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
    Path checkpoint = ShardStore.file(files, ShardStore.CHECKPOINT, generation);
    SoundRuns runs = new SoundRuns(this::problem);
    Checkpoint read = CheckpointReader.read(checkpoint, generation, files, runs);
    filesRead += 1 + runs.sound();
    try (ShardState state = read.state()) {
      for (SegmentName segment : state.queues().segments()) {
        checkSegment(segment);
      }
      checkLog(read.crawlLogLength());
      replay(generation, state);
      // If a run is missing, every URL would seem to be missing.
      SeenSet seen = runs.someLost() ? null : state.seen();
      UrlCheck check = new UrlCheck(files.directory(), seen, fingerprints, this::problem);
      checkUrls(state, check);
      check.flush();
      urls += check.urls();
    }
  }

  private void replay(long generation, ShardState state) throws IOException {
    ShardStore.replay(files, generation, state, (_, _) -> {});
    filesRead++;
  }

  private void checkSegment(SegmentName name) throws IOException {
    try {
      SegmentCheck segment =
          SegmentCheck.open(files.shard(), files.directory(), name.number(), files.ledger());
      segments.put(name.number(), segment);
      filesRead++;
      segment.whole(name.urls(), this::problem);
    } catch (DamagedFileException e) {
      problem(String.valueOf(e.getMessage()));
    }
  }

  /**
   * Checks the certain part of the crawl log. A missing log is not an error, since it is created
   * again.
   */
  private void checkLog(long certainLength) throws IOException {
    Path file = CrawlLogReader.file(files.crawlLogs(), files.shard());
    if (!Files.exists(file)) {
      return;
    }
    filesRead++;
    if (Files.size(file) < certainLength) {
      problem("%s: is shorter than the %d bytes that were synced".formatted(file, certainLength));
      return;
    }
    try (CrawlLogReader log = CrawlLogReader.open(file, certainLength, files.ledger())) {
      while (log.next() != null) {
        // Reading a line checks it.
      }
    } catch (IOException e) {
      problem(String.valueOf(e.getMessage()));
    }
  }

  private void checkUrls(ShardState state, UrlCheck check) throws IOException {
    for (HostQueue host : state.hosts()) {
      if (!host.isBucket() && shardOf.applyAsInt(host.name()) != files.shard()) {
        problem("%s: host %s belongs to another shard".formatted(files.directory(), host.name()));
      }
      state.queues().visitReturned(host, (_, url) -> check.url(host, url, "given back"));
      for (ExtentName extent : state.queues().extents(host)) {
        checkExtent(check, host, extent);
      }
      state.queues().visitMemory(host, (_, url) -> check.url(host, url, "queued"));
    }
    for (OpenLease lease : state.leases()) {
      check.url(lease.host(), lease.url(), "leased");
    }
  }

  private void checkExtent(UrlCheck check, HostQueue host, ExtentName extent) throws IOException {
    SegmentCheck segment = segments.get(extent.segment());
    if (segment == null) {
      return; // The problem with that file has been reported.
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
      problems.add(files.directory() + ": has further problems, which are not listed");
    }
  }
}
