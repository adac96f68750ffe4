package io.sluice.frontier.repair;

import io.sluice.core.members.MemberReader;
import io.sluice.core.url.Url;
import io.sluice.frontier.crawllog.CrawlLog;
import io.sluice.frontier.crawllog.CrawlLogReader;
import io.sluice.frontier.journal.Directories;
import io.sluice.frontier.queue.Calendar;
import io.sluice.frontier.queue.HostQueue;
import io.sluice.frontier.queue.PackedUrl;
import io.sluice.frontier.queue.SegmentCheck;
import io.sluice.frontier.queue.SegmentName;
import io.sluice.frontier.queue.SegmentSalvage;
import io.sluice.frontier.seen.Fingerprints;
import io.sluice.frontier.state.Event;
import io.sluice.frontier.state.ShardFiles;
import io.sluice.frontier.state.ShardState;
import io.sluice.frontier.state.ShardStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Turns a damaged shard into one that can be opened: it reads everything that is readable, reports
 * the rest, and writes a new generation; the replaced files are kept in a quarantine directory. The
 * caller owns the frontier. Used once, on one thread.
 */
public final class ShardRepair {

  private final ShardFiles files;
  private final Fingerprints fingerprints;
  private final Path quarantine;
  private final Consumer<String> losses;

  /** Hosts with a URL from a damaged block, where that URL may stand in place of another one. */
  private final Set<HostQueue> suspects = new HashSet<>();

  private ShardRepair(
      ShardFiles files, Fingerprints fingerprints, Path quarantine, Consumer<String> losses) {
    this.files = files;
    this.fingerprints = fingerprints;
    this.quarantine = quarantine;
    this.losses = losses;
  }

  /**
   * Repairs a shard. If the repair is interrupted, the shard can be repaired again.
   *
   * @param quarantine directory for replaced files; created when needed
   * @param losses receives the losses, a line each
   * @throws io.sluice.frontier.journal.DamagedFileException if there is no checkpoint at all
   */
  public static void repair(
      ShardFiles files, Fingerprints fingerprints, Path quarantine, Consumer<String> losses)
      throws IOException {
    new ShardRepair(files, fingerprints, quarantine, losses).run();
  }

  private void run() throws IOException {
    long generation = ShardStore.highestCheckpoint(files);
    for (Path segment : Directories.list(files.directory(), files.ledger())) {
      SegmentCheck.mendHeader(files.queues(), segment, this::keep);
    }
    Path file = ShardStore.file(files, ShardStore.CHECKPOINT, generation);
    var read = CheckpointSalvage.read(file, generation, files, losses);
    ShardState state = read.checkpoint().state();
    try {
      pullDamaged(state, read.hostsCertain());
      if (!read.whole()) {
        reserveAhead(state);
      }
      long certain = read.whole() ? read.checkpoint().crawlLogLength() : Long.MAX_VALUE;
      long logLength = replay(state, generation, read.whole(), certain);
      SeenRebuild seen = new SeenRebuild(state.seen(), fingerprints, files.ledger());
      new StateTidy(state, fingerprints, suspects, seen, losses).run();
      if (!read.seenWhole()) {
        rebuild(seen, logLength);
      }
      quarantine(state);
      ShardStore.begin(files, state, logLength, generation + 1).close();
    } catch (IOException | RuntimeException e) {
      state.close();
      throw e;
    }
  }

  /**
   * Moves the URLs that are waiting in damaged segments to memory, or all URLs if hosts lost their
   * numbers.
   */
  private void pullDamaged(ShardState state, boolean hostsCertain) throws IOException {
    Set<Long> damaged = new HashSet<>();
    for (SegmentName segment : state.queues().segments()) {
      if (!hostsCertain || isDamaged(segment)) {
        damaged.add(segment.number());
      }
    }
    if (damaged.isEmpty()) {
      return;
    }
    try (SegmentSalvage salvage = new SegmentSalvage(files.directory(), files.ledger())) {
      for (HostQueue host : state.hosts()) {
        int number = hostsCertain ? host.id() : -1;
        state
            .queues()
            .pull(
                host,
                damaged::contains,
                (extent, to) -> salvage.read(extent, number, url -> isKnown(state, host, url), to));
        if (state.queues().mustSpill()) {
          state.queues().spill();
        }
      }
    }
    state.queues().forgetEmptySegments();
  }

  private boolean isDamaged(SegmentName name) throws IOException {
    List<String> problems = new ArrayList<>();
    try (SegmentCheck segment =
        SegmentCheck.open(files.shard(), files.directory(), name.number(), files.ledger())) {
      segment.whole(name.urls(), problems::add);
    }
    problems.forEach(losses);
    return !problems.isEmpty();
  }

  private boolean isKnown(ShardState state, HostQueue host, PackedUrl packed) throws IOException {
    suspects.add(host);
    try {
      String href = packed.unpack().href();
      Url url = Url.parse(href);
      return url != null
          && url.href().equals(href)
          && Calendar.mayHold(host, url)
          && state.seen().contains(fingerprints.of(url.href()));
    } catch (IllegalStateException | IndexOutOfBoundsException e) {
      return false;
    }
  }

  /** Skips the lease numbers that may already have been used, so that none is used twice. */
  private static void reserveAhead(ShardState state) throws IOException {
    state.apply(new Event.Reserved(state.reservedUpTo() + (1L << 40)), (_, _) -> {});
  }

  private long replay(ShardState state, long generation, boolean exact, long certain)
      throws IOException {
    Path file = CrawlLogReader.file(files.crawlLogs(), files.shard());
    long sound = soundLength(file, certain);
    if (certain != Long.MAX_VALUE && sound < certain && Files.exists(file)) {
      losses.accept("%s: was cut to %d of %d bytes".formatted(file, sound, certain));
      keep(file);
    }
    try (CrawlLog log = ShardStore.openLog(files, Files.exists(file) ? sound : 0)) {
      new JournalSalvage(files, state, fingerprints, log, losses).replay(generation, exact);
      return log.sync();
    }
  }

  /** How many bytes of the crawl log's certain part consist of complete gzip members. */
  private long soundLength(Path log, long certain) throws IOException {
    if (!Files.exists(log)) {
      return 0;
    }
    long sound = 0;
    try (MemberReader members = MemberReader.open(log, Directories.brief(files.ledger()))) {
      while (sound < certain && members.next()) {
        members.finish();
        sound = members.end();
      }
    } catch (IOException e) {
      // The log is cut before the damaged member.
    }
    return sound;
  }

  private void rebuild(SeenRebuild seen, long logLength) throws IOException {
    seen.ended(CrawlLogReader.file(files.crawlLogs(), files.shard()), logLength);
    seen.flush();
    losses.accept(
        ("%s: %d fingerprints were computed again, from waiting URLs and the crawl log; URLs found"
                + " in neither may be visited again")
            .formatted(files.directory(), seen.added()));
  }

  /** Moves to the quarantine every file that the new generation does not need and would delete. */
  private void quarantine(ShardState state) throws IOException {
    Set<Path> used = new HashSet<>(state.queues().files());
    used.addAll(state.seen().files());
    for (Path file : Directories.list(files.directory(), files.ledger())) {
      if (!used.contains(file)) {
        keep(file);
      }
    }
  }

  private void keep(Path file) throws IOException {
    Path directory = quarantine.resolve("shard-%02d".formatted(files.shard()));
    Files.createDirectories(directory);
    Path kept = directory.resolve(file.getFileName());
    if (Files.exists(kept)) {
      return; // already kept, before its header was repaired
    }
    try {
      Files.createLink(kept, file);
    } catch (UnsupportedOperationException e) {
      Directories.brief(files.ledger()).copy(file, kept);
    }
    Directories.sync(files.disk(), directory, files.ledger());
  }
}
