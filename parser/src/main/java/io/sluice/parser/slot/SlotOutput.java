package io.sluice.parser.slot;

import io.micrometer.core.instrument.Counter;
import io.sluice.core.fault.KillPoint;
import io.sluice.core.redis.SinkOffset;
import io.sluice.core.redis.SlotRecord;
import io.sluice.core.resource.Ledger;
import io.sluice.parser.sink.PageSink;
import io.sluice.parser.sink.ParsedPage;
import io.sluice.parser.sink.SinkKind;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A worker's output: the files that its slot writes together, one for each sink. A batch is {@link
 * #prepare}, {@link #append} for each page, {@link #endBatch}, the commit of the record that it
 * gives, then {@link #committed}; where the commit failed or nobody knows, {@link #resync}. Files
 * begin with their first page and are sealed when they are long enough. An {@link IOException} is
 * final: the process must end. Confined to its worker's thread.
 */
public final class SlotOutput implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(SlotOutput.class);

  private final Slot slot;
  private final OutputDirs dirs;
  private final List<PageSink.Factory> factories;
  private final SlotRegistry registry;
  private final Ledger ledger;
  private final long rotateBytes;
  private final Counter unrecorded;
  private final List<OpenFile> files = new ArrayList<>();
  private long lastSequence;

  /**
   * Opens the output of a recovered slot; no file is made yet.
   *
   * @param rotateBytes a file this long is sealed
   * @param unrecorded counts the files whose records Redis lost
   */
  public SlotOutput(
      Slot slot,
      OutputDirs dirs,
      List<PageSink.Factory> factories,
      SlotRegistry registry,
      Ledger ledger,
      long rotateBytes,
      Counter unrecorded)
      throws IOException {
    this.slot = slot;
    this.dirs = dirs;
    this.factories = List.copyOf(factories);
    this.registry = registry;
    this.ledger = ledger;
    this.rotateBytes = rotateBytes;
    this.unrecorded = unrecorded;
    this.lastSequence = dirs.lastSequence(slot.name());
  }

  /**
   * Sees to it that there are files to append to. Redis hears of them before they exist, so that a
   * file that it does not know of means that it lost its data.
   *
   * @return false where Redis refused: then {@link #resync}
   */
  public boolean prepare() throws IOException {
    if (!files.isEmpty() || factories.isEmpty()) {
      return true;
    }
    long sequence = ++lastSequence;
    List<OutputFile> names =
        factories.stream()
            .map(factory -> new OutputFile(slot.name(), sequence, factory.kind()))
            .toList();
    List<SinkOffset> offsets = names.stream().map(name -> offset(name, 0)).toList();
    if (!registry.record(new SlotRecord(slot.name(), offsets, false))) {
      return false;
    }
    for (int i = 0; i < names.size(); i++) {
      files.add(OpenFile.create(names.get(i), slot.directory(), factories.get(i), ledger));
    }
    dirs.files().sync(slot.directory());
    return true;
  }

  /** Appends a page to every sink; after {@link #prepare}. */
  public void append(ParsedPage page) throws IOException {
    for (OpenFile file : files) {
      file.sink().append(page);
    }
  }

  /**
   * Ends the batch durably.
   *
   * @return what its commit records
   */
  public SlotRecord endBatch() throws IOException {
    for (OpenFile file : files) {
      file.endBatch();
    }
    return record(false);
  }

  /**
   * Says that the batch's commit succeeded.
   *
   * @return how many bytes it added to each output
   */
  public Map<SinkKind, Long> committed() {
    Map<SinkKind, Long> added = new EnumMap<>(SinkKind.class);
    for (OpenFile file : files) {
      added.put(file.name().kind(), file.commit());
    }
    return added;
  }

  /** Whether the files are long enough to be sealed. */
  public boolean full() {
    return files.stream().anyMatch(file -> file.committedBytes() >= rotateBytes);
  }

  /**
   * Seals the files, if there are any: every batch must be committed or cut off.
   *
   * @return false where Redis refused: then {@link #resync}
   */
  public boolean seal() throws IOException {
    if (files.stream().allMatch(file -> file.committedBytes() == 0)) {
      discard();
      return true;
    }
    if (!registry.record(record(true))) {
      return false;
    }
    KillPoint.SEALED.reached();
    finish();
    return true;
  }

  /**
   * Brings the files to what Redis records, after a commit that failed or that nobody knows of, and
   * whenever Redis may have lost data. Nothing that was committed is cut: a Redis that records less
   * came back with older data, and the fetcher may count these pages as done.
   */
  public void resync() throws IOException {
    if (files.isEmpty()) {
      return;
    }
    SlotRecord recorded = registry.recorded(slot.name());
    if (recorded == null || files.stream().anyMatch(file -> file.isAheadOf(recorded))) {
      keepUnrecorded();
    } else if (files.stream().allMatch(file -> file.isIn(recorded))) {
      for (OpenFile file : files) {
        file.cutTo(recorded);
      }
      if (recorded.sealed()) {
        finish();
      }
    } else {
      // Redis went back to before these files, which hold nothing committed.
      discard();
    }
  }

  private void keepUnrecorded() throws IOException {
    LOG.warn(
        "Slot {}: Redis lost what it recorded of {} files. They are kept; pages in them may come"
            + " again",
        slot.name(),
        files.size());
    unrecorded.increment(files.size());
    for (OpenFile file : files) {
      file.cutToCommitted();
    }
    if (files.stream().allMatch(file -> file.committedBytes() == 0)) {
      discard();
    } else {
      finish();
    }
  }

  private SlotRecord record(boolean sealed) {
    List<SinkOffset> offsets =
        files.stream().map(file -> offset(file.name(), file.endOfBatch())).toList();
    return new SlotRecord(slot.name(), offsets, sealed);
  }

  private static SinkOffset offset(OutputFile file, long offset) {
    return new SinkOffset(file.kind().word(), file.name(), offset);
  }

  /** Closes complete files and renames them. */
  private void finish() throws IOException {
    List<OutputFile> names = files.stream().map(OpenFile::name).toList();
    close();
    dirs.seal(slot.directory(), names);
  }

  /** Closes files that hold nothing committed, and deletes them. */
  private void discard() throws IOException {
    List<OpenFile> dropped = List.copyOf(files);
    close();
    for (OpenFile file : dropped) {
      file.delete();
    }
  }

  /** Closes the files without sealing them; a recovery does that later. */
  @Override
  public void close() throws IOException {
    IOException first = null;
    for (OpenFile file : files) {
      try {
        file.close();
      } catch (IOException e) {
        if (first == null) {
          first = e;
        } else {
          first.addSuppressed(e);
        }
      }
    }
    files.clear();
    if (first != null) {
      throw first;
    }
  }
}
