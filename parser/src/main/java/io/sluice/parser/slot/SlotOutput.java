package io.sluice.parser.slot;

import io.micrometer.core.instrument.Counter;
import io.sluice.core.fault.KillPoint;
import io.sluice.core.lifecycle.Closing;
import io.sluice.core.message.RecordOnly;
import io.sluice.core.resource.Ledger;
import io.sluice.core.stream.SinkOffset;
import io.sluice.core.stream.SlotRecord;
import io.sluice.parser.sink.PageSink;
import io.sluice.parser.sink.ParsedPage;
import io.sluice.parser.sink.SinkKind;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A worker's output: the files that its slot writes together, one per sink. For each batch, call
 * {@link #prepare}, {@link #append} for each page, and {@link #endBatch}; commit the record that it
 * returns; then call {@link #committed}, or {@link #resync} if the commit failed or its result is
 * unknown. A file is created for its first page and sealed once it is long enough. An {@link
 * IOException} is final: the process must end. Confined to its worker's thread.
 */
public final class SlotOutput implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(SlotOutput.class);

  private final Slot slot;
  private final OutputDirs dirs;
  private final List<PageSink.Factory> factories;
  private final SlotRegistry registry;
  private final Ledger ledger;
  private final long rotateBytes;
  private final Counter unrecorded;
  private final InstantSource clock;
  private final List<OpenFile> files = new ArrayList<>();
  private long lastSerial;

  /**
   * Opens the output of a recovered slot; no file is created yet.
   *
   * @param rotateBytes the length at which a file is sealed
   * @param unrecorded counts the files whose records Redis lost
   * @param clock supplies the time in file names
   */
  public SlotOutput(
      Slot slot,
      OutputDirs dirs,
      List<PageSink.Factory> factories,
      SlotRegistry registry,
      Ledger ledger,
      long rotateBytes,
      Counter unrecorded,
      InstantSource clock)
      throws IOException {
    this.slot = slot;
    this.dirs = dirs;
    this.factories = List.copyOf(factories);
    this.registry = registry;
    this.ledger = ledger;
    this.rotateBytes = rotateBytes;
    this.unrecorded = unrecorded;
    this.clock = clock;
    this.lastSerial = dirs.lastSerial(slot.name());
  }

  /**
   * Creates the files to append to, unless they exist. They are recorded in Redis before they are
   * created, so a file that Redis does not know means that Redis lost its data.
   *
   * @return false if Redis refused; then call {@link #resync}
   */
  public boolean prepare() throws IOException {
    if (!files.isEmpty() || factories.isEmpty()) {
      return true;
    }
    long serial = lastSerial + 1;
    dirs.keepSerial(slot.name(), serial);
    lastSerial = serial;
    Instant now = clock.instant();
    List<OutputFile> names =
        factories.stream()
            .map(
                factory ->
                    OutputFile.begun(
                        now, slot.name(), serial, factory.kind(), factory.compression()))
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

  /**
   * Checks that the slot, its files, and the directories of sealed files are still in place. Cheap
   * (one or two system calls for each), so call it often.
   *
   * @throws IOException if another program deleted or changed any of them; one line for the
   *     operator
   */
  public void verify() throws IOException {
    slot.verify();
    dirs.verify();
    for (OpenFile file : files) {
      file.verify();
    }
  }

  /** Appends a page to every sink; after {@link #prepare}. */
  public void append(ParsedPage page) throws IOException {
    for (OpenFile file : files) {
      file.sink().append(page);
    }
  }

  /** Appends an exchange that is archived but not parsed; after {@link #prepare}. */
  public void append(RecordOnly entry) throws IOException {
    for (OpenFile file : files) {
      file.sink().append(entry);
    }
  }

  /**
   * Ends the batch durably.
   *
   * @return the record to commit
   */
  public SlotRecord endBatch() throws IOException {
    for (OpenFile file : files) {
      file.endBatch();
    }
    return record(false);
  }

  /**
   * Notes that the batch's commit succeeded.
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
   * Seals the files, if there are any; every batch must have been committed or cut off.
   *
   * @return false if Redis refused; then call {@link #resync}
   */
  public boolean seal() throws IOException {
    if (files.stream().allMatch(file -> file.committedBytes() == 0)) {
      discard();
      return true;
    }
    verify(); // only complete files are sealed
    if (!registry.record(record(true))) {
      return false;
    }
    KillPoint.SEALED.reached();
    finish();
    return true;
  }

  /**
   * Cuts the files to the lengths that Redis records, after a commit that failed or whose result is
   * unknown, and whenever Redis may have lost data. Committed data is never cut: if Redis records
   * less, it has restarted with older data, and the fetcher may count these pages as done.
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
      // Redis has restarted with data from before these files, which hold nothing committed.
      discard();
    }
  }

  private void keepUnrecorded() throws IOException {
    log.warn(
        "slot {}: Redis lost what it recorded of {} files. They are kept; pages in them may be"
            + " written again",
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
    List<OpenFile> open = List.copyOf(files);
    files.clear();
    Closing.all(open);
  }
}
