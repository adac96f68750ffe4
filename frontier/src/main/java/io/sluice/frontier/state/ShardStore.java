package io.sluice.frontier.state;

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
 * log. Checkpoint and journal of one generation belong together; the checkpoint of the highest
 * generation is valid. Confined to its shard's thread.
 */
public final class ShardStore implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(ShardStore.class);

  public static final String CHECKPOINT = "checkpoint-";
  public static final String JOURNAL = "journal-";
  private static final String TEMPORARY = ".tmp";

  /**
   * A checkpoint is worthwhile once the journal is this long, in bytes, and half as long as the
   * checkpoint.
   */
  private static final long WORTHWHILE_BYTES = 1 << 20;

  private final ShardFiles files;
  private final ShardState state;
  private final CrawlLog crawlLog;
  private final LogLines logLines;
  private RecordWriter journal;
  private long generation;
  private long checkpointLength;
  private boolean filesChanged;

  private ShardStore(
      ShardFiles files,
      ShardState state,
      CrawlLog crawlLog,
      RecordWriter journal,
      long generation,
      long checkpointLength) {
    this.files = files;
    this.state = state;
    this.crawlLog = crawlLog;
    this.logLines = new LogLines(crawlLog);
    this.journal = journal;
    this.generation = generation;
    this.checkpointLength = checkpointLength;
  }

  /** Creates the files of a shard without URLs; deletes those that an unfinished attempt left. */
  public static ShardStore create(ShardFiles files) throws IOException {
    Files.createDirectories(files.directory());
    for (Path file : Directories.list(files.directory(), files.ledger())) {
      files.disk().delete(file);
    }
    ShardState state = ShardState.empty(files);
    try {
      return begin(files, state, 0, 1);
    } catch (IOException | RuntimeException e) {
      state.close();
      throw e;
    }
  }

  /**
   * Recovers a shard: the checkpoint, then the journal's events up to a torn tail, then a
   * checkpoint of the result.
   *
   * @throws DamagedFileException if data that was durable is damaged
   */
  public static ShardStore recover(ShardFiles files) throws IOException {
    long generation = highestCheckpoint(files);
    Checkpoint checkpoint =
        CheckpointReader.read(file(files, CHECKPOINT, generation), generation, files);
    try (CrawlLog crawlLog = openLog(files, checkpoint.crawlLogLength())) {
      long torn = replay(files, generation, checkpoint.state(), new LogLines(crawlLog));
      if (torn > 0) {
        log.info("{}: cut a torn tail of {} bytes", file(files, JOURNAL, generation), torn);
      }
      long length = crawlLog.sync();
      return begin(files, checkpoint.state(), length, generation + 1);
    } catch (IOException | RuntimeException e) {
      checkpoint.state().close();
      throw e;
    }
  }

  /** The highest generation that has a checkpoint. */
  public static long highestCheckpoint(ShardFiles files) throws IOException {
    long highest = 0;
    for (Path file : Directories.list(files.directory(), files.ledger())) {
      String name = file.getFileName().toString();
      if (name.startsWith(CHECKPOINT) && !name.endsWith(TEMPORARY)) {
        highest = Math.max(highest, generationOf(file, CHECKPOINT));
      }
    }
    if (highest == 0) {
      throw new DamagedFileException(files.directory() + ": has no checkpoint");
    }
    return highest;
  }

  /**
   * Applies the events of a generation's journal.
   *
   * @return length of the torn tail, in bytes; 0 for none
   */
  public static long replay(
      ShardFiles files, long generation, ShardState state, ShardState.EndedUrls ended)
      throws IOException {
    Path file = file(files, JOURNAL, generation);
    if (!Files.exists(file)) {
      throw new DamagedFileException(file + ": is missing");
    }
    FileHeader header = new FileHeader(FileHeader.JOURNAL, files.shard(), generation);
    try (RecordReader reader = RecordReader.open(file, header, files.ledger())) {
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

  /** Writes checkpoint and journal of a generation and deletes the files that they replace. */
  public static ShardStore begin(
      ShardFiles files, ShardState state, long logLength, long generation) throws IOException {
    CrawlLog crawlLog = openLog(files, logLength);
    try {
      Written written = writeGeneration(files, new Checkpoint(state, logLength), generation);
      return new ShardStore(
          files, state, crawlLog, written.journal(), generation, written.checkpointLength());
    } catch (IOException | RuntimeException e) {
      crawlLog.close();
      throw e;
    }
  }

  /** Opens the crawl log and cuts it to the given length, in bytes. */
  public static CrawlLog openLog(ShardFiles files, long length) throws IOException {
    String name = String.format("shard-%02d.jsonl.gz", files.shard());
    return CrawlLog.open(
        files.disk(), files.crawlLogs(), name, length, files.compressionLevel(), files.ledger());
  }

  private record Written(RecordWriter journal, long checkpointLength) {}

  /**
   * Writes a generation's files. Their order makes this atomic: the old generation is valid and
   * complete until the rename is durable, and the new one from then on.
   */
  private static Written writeGeneration(ShardFiles files, Checkpoint checkpoint, long generation)
      throws IOException {
    Disk disk = files.disk();
    Path target = file(files, CHECKPOINT, generation);
    Path temporary = target.resolveSibling(target.getFileName() + TEMPORARY);
    long length = CheckpointWriter.write(checkpoint, temporary, generation, files);
    RecordWriter journal =
        RecordWriter.create(
            disk,
            file(files, JOURNAL, generation),
            new FileHeader(FileHeader.JOURNAL, files.shard(), generation),
            files.ledger());
    try {
      Directories.sync(disk, files.directory(), files.ledger());
      KillPoint.CHECKPOINT.reached();
      disk.rename(temporary, target);
      Directories.sync(disk, files.directory(), files.ledger());
      KillPoint.CHECKPOINT_RENAMED.reached();
      deleteAllBut(files, generation, checkpoint.state());
      return new Written(journal, length);
    } catch (IOException | RuntimeException e) {
      journal.close();
      throw e;
    }
  }

  /** The state. Change it by {@link #commit} only. */
  public ShardState state() {
    return state;
  }

  /** The journal's file. */
  Path journalFile() {
    return journal.file();
  }

  /** The length of the journal's file that would survive a power failure, in bytes. */
  long durableLength() {
    return journal.syncedLength();
  }

  /** Appends an event to the journal and applies it. */
  public void commit(Event event) throws IOException {
    EventCodec.append(event, journal);
    state.apply(event, logLines);
  }

  /** Hands all events to the operating system, so that they survive a crash of this process. */
  public void write() throws IOException {
    journal.write();
  }

  /** Whether there are events that a {@link #sync} would make durable. */
  public boolean unsynced() {
    return journal.unsynced();
  }

  /** Makes all events durable. */
  public void sync() throws IOException {
    journal.write();
    journal.sync();
  }

  /** Whether a checkpoint would save more restart time, or more disk space, than it costs. */
  public boolean worthCheckpoint() {
    return filesChanged || journal.length() >= Math.max(WORTHWHILE_BYTES, checkpointLength / 2);
  }

  /**
   * Installs the results of background merges, and starts further merges if due.
   *
   * @return whether memory is full, so that a {@link #checkpoint} must follow at once
   */
  public boolean tidy() throws IOException {
    filesChanged |= state.queues().tidy();
    filesChanged |= state.seen().installMerged();
    return full();
  }

  private boolean full() {
    return state.queues().mustSpill() || state.seen().worthSpill();
  }

  /**
   * Syncs, spills the queues and the seen set if either is full, writes the state, and begins a new
   * journal.
   */
  public void checkpoint() throws IOException {
    sync();
    if (full()) { // spill both, so that the checkpoint contains neither
      state.queues().spill();
      state.seen().spillIfRoom();
    }
    Checkpoint checkpoint = new Checkpoint(state, crawlLog.sync());
    Written written = writeGeneration(files, checkpoint, generation + 1);
    RecordWriter former = journal;
    journal = written.journal();
    generation++;
    checkpointLength = written.checkpointLength();
    filesChanged = false;
    former.close();
  }

  /** Closes the files without writing a checkpoint; for a clean end, write one first. */
  @Override
  public void close() throws IOException {
    try (crawlLog;
        state) {
      journal.close();
    }
  }

  private static void deleteAllBut(ShardFiles files, long generation, ShardState state)
      throws IOException {
    Set<Path> kept = new HashSet<>(state.queues().files());
    kept.addAll(state.seen().files());
    kept.add(file(files, CHECKPOINT, generation));
    kept.add(file(files, JOURNAL, generation));
    for (Path file : Directories.list(files.directory(), files.ledger())) {
      if (!kept.contains(file)) {
        files.disk().delete(file);
      }
    }
  }

  /** The path of the file of the given kind and generation. */
  public static Path file(ShardFiles files, String kind, long generation) {
    return files.directory().resolve(kind + generation);
  }

  private static long generationOf(Path file, String kind) throws IOException {
    try {
      return Long.parseLong(file.getFileName().toString().substring(kind.length()));
    } catch (NumberFormatException e) {
      throw new DamagedFileException(
          file + ": is not a frontier file: its name must end in a number");
    }
  }
}
