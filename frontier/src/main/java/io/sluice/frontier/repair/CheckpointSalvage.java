package io.sluice.frontier.repair;

import io.sluice.core.url.Url;
import io.sluice.frontier.hold.HostState;
import io.sluice.frontier.journal.DamagedFileException;
import io.sluice.frontier.journal.FileHeader;
import io.sluice.frontier.journal.RecordReader;
import io.sluice.frontier.queue.ExtentName;
import io.sluice.frontier.queue.HostQueue;
import io.sluice.frontier.queue.PackedUrl;
import io.sluice.frontier.queue.SegmentCheck;
import io.sluice.frontier.queue.SegmentName;
import io.sluice.frontier.queue.UrlQueues;
import io.sluice.frontier.state.Checkpoint;
import io.sluice.frontier.state.CheckpointReader;
import io.sluice.frontier.state.ShardFiles;
import io.sluice.frontier.state.ShardState;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Reads as much as possible of a damaged checkpoint. URLs are assigned to the hosts that they name;
 * segments and runs that cannot be opened are skipped. Used once, on one thread.
 */
final class CheckpointSalvage extends CheckpointReader {

  /**
   * The readable part of a checkpoint.
   *
   * @param hostsCertain whether no host is missing, so that the hosts' numbers are right
   * @param whole whether no record of the checkpoint is missing
   * @param seenWhole whether no fingerprint is missing
   */
  record Salvaged(Checkpoint checkpoint, boolean hostsCertain, boolean whole, boolean seenWhole) {}

  private final ShardFiles files;
  private final Consumer<String> losses;
  private final Set<Long> readable = new HashSet<>();
  private boolean hostsCertain = true;
  private boolean whole = true;
  private int section;

  private CheckpointSalvage(ShardFiles files, Consumer<String> losses, SoundRuns runs) {
    super(files, runs);
    this.files = files;
    this.losses = losses;
  }

  /**
   * Reads a file. The caller closes the state.
   *
   * @param losses receives the losses, a line each
   */
  static Salvaged read(Path file, long generation, ShardFiles files, Consumer<String> losses)
      throws IOException {
    SoundRuns runs = new SoundRuns(losses);
    CheckpointSalvage salvage = new CheckpointSalvage(files, losses, runs);
    try {
      salvage.tellBrokenHeader(file, generation);
      salvage.readRecords(file);
      boolean whole = salvage.whole && salvage.ended();
      return new Salvaged(
          salvage.checkpoint(), salvage.hostsCertain, whole, whole && !runs.someLost());
    } catch (IOException | RuntimeException e) {
      salvage.close();
      throw e;
    }
  }

  private void tellBrokenHeader(Path file, long generation) throws IOException {
    FileHeader header = new FileHeader(FileHeader.CHECKPOINT, files.shard(), generation);
    try {
      RecordReader.open(file, header, files.ledger()).close();
    } catch (DamagedFileException e) {
      losses.accept(String.valueOf(e.getMessage()));
    }
  }

  private void readRecords(Path file) throws IOException {
    try (RecordReader records = RecordReader.openUnchecked(file, files.ledger())) {
      for (boolean more = records.next(); more || !records.complete(); more = records.next()) {
        if (!more && !passBroken(records)) {
          return;
        }
        tryRestore(records);
      }
    }
  }

  /** Continues after a broken record; returns false if no sound record follows. */
  private boolean passBroken(RecordReader records) throws IOException {
    long broken = records.nextOffset();
    hostsCertain &= section > Checkpoint.HOST;
    whole = false;
    boolean more = records.nextSound();
    String end = more ? String.valueOf(records.offset()) : "the end";
    losses.accept("%s: bytes %d to %s are lost".formatted(records.file(), broken, end));
    return more;
  }

  private void tryRestore(RecordReader record) throws IOException {
    try {
      section = Math.max(section, record.type());
      restore(record.type(), record.payload());
    } catch (IllegalStateException | IndexOutOfBoundsException e) {
      whole = false;
      losses.accept(
          "%s: the record at byte %d is lost: %s"
              .formatted(record.file(), record.offset(), e.getMessage()));
    }
  }

  @Override
  protected void restoreSegments(UrlQueues queues, List<SegmentName> names, long next)
      throws IOException {
    List<SegmentName> kept = new ArrayList<>(names);
    SegmentCheck.dropUnreadable(files.queues(), kept, losses);
    kept.forEach(segment -> readable.add(segment.number()));
    queues.restore(
        kept, Math.max(next, SegmentCheck.highest(files.directory(), files.ledger()) + 1));
  }

  @Override
  protected void restoreExtent(UrlQueues queues, HostQueue host, ExtentName extent) {
    if (readable.contains(extent.segment())) {
      queues.restore(host, extent);
    } else {
      losses.accept(
          "host %s: %d URLs are lost with segment %d"
              .formatted(host.name(), extent.count(), extent.segment()));
    }
  }

  /** The host that the URL names, since host numbers may be wrong, or the URL's calendar bucket. */
  @Override
  protected HostQueue host(ShardState of, int number, PackedUrl packed) {
    if (hostsCertain && number < of.hosts().size() && of.host(number).isBucket()) {
      return of.host(number);
    }
    Url url = Url.parse(packed.unpack().href());
    if (url == null) {
      throw new IllegalStateException("it holds no URL");
    }
    HostQueue known = of.host(url.host());
    return known == null
        ? of.restoreHost(url.host(), Duration.ZERO, 0, HostState.First.STATE)
        : known;
  }
}
