package io.sluice.frontier.shard;

import io.sluice.core.gzip.MemberReader;
import io.sluice.core.url.Url;
import io.sluice.frontier.crawllog.CrawlLog;
import io.sluice.frontier.crawllog.CrawlLogReader;
import io.sluice.frontier.journal.Directories;
import io.sluice.frontier.queue.HostQueue;
import io.sluice.frontier.queue.PackedUrl;
import io.sluice.frontier.queue.SegmentCheck;
import io.sluice.frontier.queue.SegmentName;
import io.sluice.frontier.queue.SegmentSalvage;
import io.sluice.frontier.recrawl.Calendar;
import io.sluice.frontier.seen.Fingerprints;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Makes a damaged shard one that opens: reads what can be read, says what cannot, and writes that
 * as a new generation; the files that it replaces are kept elsewhere. Whoever calls it owns the
 * frontier. Used once, on one thread.
 */
public final class ShardRepair {

  private final ShardPlace place;
  private final Fingerprints fingerprints;
  private final Path quarantine;
  private final Consumer<String> losses;

  /** Hosts of which a URL was taken from a damaged block: it may stand for another one. */
  private final Set<HostQueue> suspects = new HashSet<>();

  private ShardRepair(
      ShardPlace place, Fingerprints fingerprints, Path quarantine, Consumer<String> losses) {
    this.place = place;
    this.fingerprints = fingerprints;
    this.quarantine = quarantine;
    this.losses = losses;
  }

  /**
   * Repairs a shard. After a crash in between it can be repaired again.
   *
   * @param quarantine where the files go that are replaced; made when needed
   * @param losses is told what is lost, in lines
   * @throws io.sluice.frontier.journal.DamagedFileException if there is no checkpoint at all
   */
  public static void repair(
      ShardPlace place, Fingerprints fingerprints, Path quarantine, Consumer<String> losses)
      throws IOException {
    new ShardRepair(place, fingerprints, quarantine, losses).run();
  }

  private void run() throws IOException {
    long generation = ShardStore.highestCheckpoint(place);
    for (Path segment : Directories.list(place.directory(), place.ledger())) {
      SegmentCheck.mendHeader(place.queues(), segment, this::keep);
    }
    Path file = ShardStore.file(place, ShardStore.CHECKPOINT, generation);
    var read = CheckpointSalvage.read(file, generation, place, losses);
    ShardState state = read.checkpoint().state();
    try {
      pullDamaged(state, read.hostsCertain());
      if (!read.whole()) {
        reserveAhead(state);
      }
      long certain = read.whole() ? read.checkpoint().crawlLogLength() : Long.MAX_VALUE;
      long logLength = replay(state, generation, read.whole(), certain);
      SeenRebuild seen = new SeenRebuild(state.seen(), fingerprints, place.ledger());
      new StateTidy(state, fingerprints, suspects, seen, losses).run();
      if (!read.seenWhole()) {
        rebuild(seen, logLength);
      }
      quarantine(state);
      ShardStore.begin(place, state, logLength, generation + 1).close();
    } catch (IOException | RuntimeException e) {
      state.close();
      throw e;
    }
  }

  /** Takes what waits in damaged segments into memory, or, if hosts lost their numbers, all. */
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
    try (SegmentSalvage salvage = new SegmentSalvage(place.directory(), place.ledger())) {
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
        SegmentCheck.open(place.shard(), place.directory(), name.number(), place.ledger())) {
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

  /** Lease numbers that may have been used are not known any more: none is used twice. */
  private static void reserveAhead(ShardState state) throws IOException {
    state.apply(new Event.Reserved(state.reservedUpTo() + (1L << 40)), (_, _) -> {});
  }

  private long replay(ShardState state, long generation, boolean exact, long certain)
      throws IOException {
    Path file = CrawlLogReader.file(place.crawlLogs(), place.shard());
    long sound = soundLength(file, certain);
    if (certain != Long.MAX_VALUE && sound < certain && Files.exists(file)) {
      losses.accept("%s: is cut to %d of %d bytes".formatted(file, sound, certain));
      keep(file);
    }
    try (CrawlLog log = ShardStore.openLog(place, Files.exists(file) ? sound : 0)) {
      new JournalSalvage(place, state, fingerprints, log, losses).replay(generation, exact);
      return log.sync();
    }
  }

  /** How much of the crawl log is whole members, as far as it was certain. */
  private long soundLength(Path log, long certain) throws IOException {
    if (!Files.exists(log)) {
      return 0;
    }
    long sound = 0;
    try (MemberReader members = MemberReader.open(log, Directories.brief(place.ledger()))) {
      while (sound < certain && members.next()) {
        members.finish();
        sound = members.end();
      }
    } catch (IOException e) {
      // It is cut here.
    }
    return sound;
  }

  private void rebuild(SeenRebuild seen, long logLength) throws IOException {
    seen.ended(CrawlLogReader.file(place.crawlLogs(), place.shard()), logLength);
    seen.flush();
    losses.accept(
        ("%s: %d fingerprints were made anew, of URLs that wait or have a line in the crawl log;"
                + " others may be visited again")
            .formatted(place.directory(), seen.added()));
  }

  /** Keeps every file that the new generation has no use for; it deletes them. */
  private void quarantine(ShardState state) throws IOException {
    Set<Path> used = new HashSet<>(state.queues().files());
    used.addAll(state.seen().files());
    for (Path file : Directories.list(place.directory(), place.ledger())) {
      if (!used.contains(file)) {
        keep(file);
      }
    }
  }

  private void keep(Path file) throws IOException {
    Path directory = quarantine.resolve("shard-%02d".formatted(place.shard()));
    Files.createDirectories(directory);
    Path kept = directory.resolve(file.getFileName());
    if (Files.exists(kept)) {
      return; // before its header was mended
    }
    try {
      Files.createLink(kept, file);
    } catch (UnsupportedOperationException e) {
      Directories.brief(place.ledger()).copy(file, kept);
    }
    Directories.sync(place.disk(), directory, place.ledger());
  }
}
