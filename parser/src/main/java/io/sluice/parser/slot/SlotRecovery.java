package io.sluice.parser.slot;

import io.micrometer.core.instrument.Counter;
import io.sluice.core.members.MemberReader;
import io.sluice.core.resource.Ledger;
import io.sluice.core.stream.SinkOffset;
import io.sluice.core.stream.SlotRecord;
import java.io.EOFException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Completes the files that a dead worker left in its slot. Files are cut to the lengths that Redis
 * records, sealed and renamed; an interrupted rename is completed. Files that Redis does not know
 * are deleted if it knows a later one; if it knows none, their complete members are kept. A file
 * that lacks committed data is set aside, not sealed. Each step can be repeated after a crash.
 * Confined to its caller's thread.
 */
public final class SlotRecovery {

  private static final Logger log = LoggerFactory.getLogger(SlotRecovery.class);

  /** The suffix of a file that lacks committed data. */
  private static final String BROKEN = ".broken";

  private final OutputDirs dirs;
  private final Counter unrecorded;

  /**
   * @param unrecorded counts the files whose records Redis lost
   */
  public SlotRecovery(OutputDirs dirs, Counter unrecorded) {
    this.dirs = dirs;
    this.unrecorded = unrecorded;
  }

  /**
   * Recovers a slot that the caller holds and no worker writes to.
   *
   * @param recorded the slot's record in Redis, read while the slot was held; null if there is none
   * @return whether there was anything to recover
   */
  public boolean recover(Slot slot, @Nullable SlotRecord recorded) throws IOException {
    List<OutputFile> parts = dirs.filesIn(slot.directory());
    if (recorded != null) {
      tellMissing(parts, recorded);
    }
    if (parts.isEmpty()) {
      return false;
    }
    if (recorded == null) {
      keepUnrecorded(slot, parts);
    } else {
      List<OutputFile> complete = cut(slot, parts, recorded);
      dirs.seal(slot.directory(), complete);
      log.info(
          "slot {}: sealed {} of {} files that an earlier worker left",
          slot.name(),
          complete.size(),
          parts.size());
    }
    return true;
  }

  /** Warns about files with committed pages that are neither in the slot nor sealed. */
  private void tellMissing(List<OutputFile> parts, SlotRecord recorded) {
    for (SinkOffset sink : recorded.sinks()) {
      OutputFile file = OutputFile.parse(sink.file());
      if (file != null
          && !recorded.sealed()
          && sink.offset() > 0
          && !parts.contains(file)
          && !Files.exists(dirs.sealed(file.kind()).resolve(file.name()))) {
        log.warn(
            "{} was deleted; it held {} bytes of pages that count as done",
            file.partName(),
            sink.offset());
      }
    }
  }

  private void keepUnrecorded(Slot slot, List<OutputFile> parts) throws IOException {
    log.warn(
        "slot {} has {} files that Redis has no record of: Redis lost its data. They are kept as"
            + " they are; pages in them may be written again",
        slot.name(),
        parts.size());
    unrecorded.increment(parts.size());
    List<OutputFile> whole = new ArrayList<>();
    for (OutputFile part : parts) {
      Path path = slot.directory().resolve(part.partName());
      long length = wholeMembers(path);
      if (length == 0) {
        Files.delete(path);
      } else if (cut(path, length)) {
        whole.add(part);
      }
    }
    dirs.seal(slot.directory(), whole);
  }

  /**
   * The total length of a file's complete members; the one that a killed worker was writing is
   * torn.
   */
  private long wholeMembers(Path path) throws IOException {
    long length = 0;
    try (MemberReader members = MemberReader.open(path, dirs.files())) {
      try {
        while (members.next()) {
          members.finish();
          length = members.end();
        }
      } catch (ZipException | EOFException e) { // read errors propagate
        log.warn(
            "{}: the last {} bytes are torn and were dropped: {}",
            path,
            members.size() - length,
            e.getMessage());
      }
    }
    return length;
  }

  /** Cuts the recorded files, drops later ones, and returns those to be sealed. */
  private List<OutputFile> cut(Slot slot, List<OutputFile> parts, SlotRecord recorded)
      throws IOException {
    long serial = serial(recorded);
    List<OutputFile> complete = new ArrayList<>();
    for (OutputFile part : parts) {
      Path path = slot.directory().resolve(part.partName());
      SinkOffset offset = offset(recorded, part);
      if (offset == null ? part.serial() > serial : offset.offset() == 0) {
        Files.delete(path);
      } else {
        if (offset == null || cut(path, offset.offset())) {
          complete.add(part);
        }
      }
    }
    return complete;
  }

  /**
   * Cuts a file, durably.
   *
   * @return false if it is too short for that, and therefore set aside: it must not be sealed
   */
  private boolean cut(Path path, long offset) throws IOException {
    try (Ledger.Entry _ = dirs.files().enter(path);
        FileChannel file = FileChannel.open(path, StandardOpenOption.WRITE)) {
      if (file.size() >= offset) {
        file.truncate(offset);
        file.force(true);
        return true;
      }
    }
    String name = String.valueOf(path.getFileName());
    Path aside = path.resolveSibling(name + BROKEN);
    log.warn(
        "{} holds {} bytes, but {} were committed: it was shortened, or the file system lost synced"
            + " data. It is set aside as {}; its pages count as done",
        path,
        Files.size(path),
        offset,
        aside);
    Files.move(path, aside, StandardCopyOption.ATOMIC_MOVE);
    return false;
  }

  private static long serial(SlotRecord recorded) {
    long serial = 0;
    for (SinkOffset sink : recorded.sinks()) {
      OutputFile file = OutputFile.parse(sink.file());
      serial = file == null ? serial : Math.max(serial, file.serial());
    }
    return serial;
  }

  private static @Nullable SinkOffset offset(SlotRecord recorded, OutputFile file) {
    for (SinkOffset sink : recorded.sinks()) {
      if (sink.file().equals(file.name())) {
        return sink;
      }
    }
    return null;
  }
}
