package io.sluice.frontier.shard;

import io.sluice.core.fault.KillPoint;
import io.sluice.frontier.crawllog.CrawlLog;
import io.sluice.frontier.journal.DamagedFileException;
import io.sluice.frontier.journal.Directories;
import io.sluice.frontier.journal.Disk;
import io.sluice.frontier.journal.FileHeader;
import io.sluice.frontier.journal.RecordReader;
import io.sluice.frontier.journal.RecordWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A shard's state and its files: the last checkpoint, the journal of the events since, the crawl
 * log. Checkpoint and journal of one generation belong together; the highest checkpoint counts.
 * Confined to its shard's thread.
 */
final class ShardStore implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(ShardStore.class);

  static final String CHECKPOINT = "checkpoint-";
  static final String JOURNAL = "journal-";
  private static final String TEMPORARY = ".tmp";

  /** A journal is worth a checkpoint when it is this long and half as long as the checkpoint. */
  private static final long WORTHWHILE_BYTES = 1 << 20;

  private final ShardPlace place;
  private final ShardState state;
  private final CrawlLog crawlLog;
  private RecordWriter journal;
  private long generation;
  private long checkpointLength;
  private boolean filesChanged;

  private ShardStore(
      ShardPlace place,
      ShardState state,
      CrawlLog crawlLog,
      RecordWriter journal,
      long generation,
      long checkpointLength) {
    this.place = place;
    this.state = state;
    this.crawlLog = crawlLog;
    this.journal = journal;
    this.generation = generation;
    this.checkpointLength = checkpointLength;
  }

  /** Makes the files of a shard without URLs; what an unfinished attempt left is deleted. */
  static ShardStore create(ShardPlace place) throws IOException {
    Files.createDirectories(place.directory());
    for (Path file : Directories.list(place.directory(), place.ledger())) {
      place.disk().delete(file);
    }
    ShardState state = ShardState.empty(place);
    try {
      return begin(place, state, 0, 1);
    } catch (IOException | RuntimeException e) {
      state.close();
      throw e;
    }
  }

  /**
   * Recovers a shard: the checkpoint, then the journal's events up to a torn tail, then a
   * checkpoint of what that gave.
   *
   * @throws DamagedFileException if what was durable once does not hold any more
   */
  static ShardStore recover(ShardPlace place) throws IOException {
    long generation = highestCheckpoint(place);
    Checkpoint checkpoint =
        CheckpointReader.read(file(place, CHECKPOINT, generation), generation, place);
    try (CrawlLog log = openLog(place, checkpoint.crawlLogLength())) {
      long torn = replay(place, generation, checkpoint.state(), log::write);
      if (torn > 0) {
        LOG.info("{}: a torn tail of {} bytes is cut", file(place, JOURNAL, generation), torn);
      }
      long length = log.sync();
      return begin(place, checkpoint.state(), length, generation + 1);
    } catch (IOException | RuntimeException e) {
      checkpoint.state().close();
      throw e;
    }
  }

  /** The generation that counts. */
  static long highestCheckpoint(ShardPlace place) throws IOException {
    long highest = 0;
    for (Path file : Directories.list(place.directory(), place.ledger())) {
      String name = file.getFileName().toString();
      if (name.startsWith(CHECKPOINT) && !name.endsWith(TEMPORARY)) {
        highest = Math.max(highest, generationOf(file, CHECKPOINT));
      }
    }
    if (highest == 0) {
      throw new DamagedFileException(place.directory() + ": has no checkpoint");
    }
    return highest;
  }

  /**
   * Applies the events of a generation's journal.
   *
   * @return bytes of a torn tail
   */
  static long replay(
      ShardPlace place, long generation, ShardState state, ShardState.EndedUrls ended)
      throws IOException {
    Path file = file(place, JOURNAL, generation);
    if (!Files.exists(file)) {
      throw new DamagedFileException(file + ": is missing");
    }
    FileHeader header = new FileHeader(FileHeader.JOURNAL, place.shard(), generation);
    try (RecordReader reader = RecordReader.open(file, header, place.ledger())) {
      while (reader.next()) {
        try {
          state.apply(EventCodec.read(reader), ended);
        } catch (IllegalStateException e) {
          throw new DamagedFileException(file, reader.offset(), String.valueOf(e.getMessage()));
        }
      }
      if (!reader.complete()) {
        reader.refuseDamage();
      }
      return reader.tornBytes();
    }
  }

  /** Writes checkpoint and journal of a generation and deletes what they replace. */
  static ShardStore begin(ShardPlace place, ShardState state, long logLength, long generation)
      throws IOException {
    CrawlLog log = openLog(place, logLength);
    try {
      Written written = writeGeneration(place, new Checkpoint(state, logLength), generation);
      return new ShardStore(
          place, state, log, written.journal(), generation, written.checkpointLength());
    } catch (IOException | RuntimeException e) {
      log.close();
      throw e;
    }
  }

  /** Opens the crawl log and cuts it to that length. */
  static CrawlLog openLog(ShardPlace place, long length) throws IOException {
    String name = String.format("shard-%02d.jsonl.gz", place.shard());
    return CrawlLog.open(
        place.disk(), place.crawlLogs(), name, length, place.compressionLevel(), place.ledger());
  }

  private record Written(RecordWriter journal, long checkpointLength) {}

  /**
   * The order makes it atomic: until the rename is durable the former generation counts and is
   * whole, from then on the new one does.
   */
  private static Written writeGeneration(ShardPlace place, Checkpoint checkpoint, long generation)
      throws IOException {
    Disk disk = place.disk();
    Path target = file(place, CHECKPOINT, generation);
    Path temporary = target.resolveSibling(target.getFileName() + TEMPORARY);
    long length = CheckpointWriter.write(checkpoint, temporary, generation, place);
    RecordWriter journal =
        RecordWriter.create(
            disk,
            file(place, JOURNAL, generation),
            new FileHeader(FileHeader.JOURNAL, place.shard(), generation),
            place.ledger());
    try {
      Directories.sync(disk, place.directory(), place.ledger());
      KillPoint.CHECKPOINT.reached();
      disk.rename(temporary, target);
      Directories.sync(disk, place.directory(), place.ledger());
      KillPoint.CHECKPOINT_RENAMED.reached();
      deleteAllBut(place, generation, checkpoint.state());
      return new Written(journal, length);
    } catch (IOException | RuntimeException e) {
      journal.close();
      throw e;
    }
  }

  /** The state. Change it by {@link #commit} only. */
  ShardState state() {
    return state;
  }

  /** The journal's file. */
  Path journalFile() {
    return journal.file();
  }

  /** How much of the journal's file a power failure cannot take. */
  long durableLength() {
    return journal.syncedLength();
  }

  /** Appends an event to the journal and applies it. */
  void commit(Event event) throws IOException {
    EventCodec.append(event, journal);
    state.apply(event, crawlLog::write);
  }

  /** Hands all events to the operating system: they survive this process. */
  void write() throws IOException {
    journal.write();
  }

  /** Whether there are events that a {@link #sync} would make durable. */
  boolean unsynced() {
    return journal.unsynced();
  }

  /** Makes all events durable. */
  void sync() throws IOException {
    journal.write();
    journal.sync();
  }

  /** Whether a checkpoint would spare a restart, or the disk, more than it costs. */
  boolean worthCheckpoint() {
    return filesChanged || journal.length() >= Math.max(WORTHWHILE_BYTES, checkpointLength / 2);
  }

  /**
   * Takes up what was rewritten in the background, and begins to rewrite more where that is due.
   *
   * @return whether memory is full, so that a {@link #checkpoint} must follow at once
   */
  boolean tidy() throws IOException {
    filesChanged |= state.queues().tidy();
    filesChanged |= state.seen().installMerged();
    return full();
  }

  private boolean full() {
    return state.queues().mustSpill() || state.seen().worthSpill();
  }

  /** Syncs, writes the state, what is full in memory first, and begins a new journal. */
  void checkpoint() throws IOException {
    sync();
    if (full()) { // both, so that the checkpoint holds neither
      state.queues().spill();
      state.seen().spillIfRoom();
    }
    Checkpoint checkpoint = new Checkpoint(state, crawlLog.sync());
    Written written = writeGeneration(place, checkpoint, generation + 1);
    RecordWriter former = journal;
    journal = written.journal();
    generation++;
    checkpointLength = written.checkpointLength();
    filesChanged = false;
    former.close();
  }

  /** Closes the files as they are; write a checkpoint before for a clean end. */
  @Override
  public void close() throws IOException {
    try (crawlLog;
        state) {
      journal.close();
    }
  }

  private static void deleteAllBut(ShardPlace place, long generation, ShardState state)
      throws IOException {
    Set<Path> kept = new HashSet<>(state.queues().files());
    kept.addAll(state.seen().files());
    kept.add(file(place, CHECKPOINT, generation));
    kept.add(file(place, JOURNAL, generation));
    for (Path file : Directories.list(place.directory(), place.ledger())) {
      if (!kept.contains(file)) {
        place.disk().delete(file);
      }
    }
  }

  /** A file of that kind and generation. */
  static Path file(ShardPlace place, String kind, long generation) {
    return place.directory().resolve(kind + generation);
  }

  private static long generationOf(Path file, String kind) throws IOException {
    try {
      return Long.parseLong(file.getFileName().toString().substring(kind.length()));
    } catch (NumberFormatException e) {
      throw new DamagedFileException(file + ": is no file of a frontier");
    }
  }
}
