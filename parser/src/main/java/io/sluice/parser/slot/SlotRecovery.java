package io.sluice.parser.slot;

import io.micrometer.core.instrument.Counter;
import io.sluice.core.redis.SinkOffset;
import io.sluice.core.redis.SlotRecord;
import io.sluice.core.resource.Ledger;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finishes what a dead worker left in its slot: files are cut to what Redis records, sealed and
 * renamed; a rename that is missing is made up for; files that Redis knows nothing of are dropped
 * where Redis knows of later ones, and kept whole where it knows of none. Each step may be repeated
 * after a crash. Confined to its caller's thread.
 */
public final class SlotRecovery {

  private static final Logger LOG = LoggerFactory.getLogger(SlotRecovery.class);

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
   * Recovers a slot that the caller holds and that nobody writes to.
   *
   * @param recorded what Redis records of the slot, read while the slot was held; null where it
   *     records nothing
   * @return whether there was anything to recover
   */
  public boolean recover(Slot slot, @Nullable SlotRecord recorded) throws IOException {
    List<OutputFile> parts = dirs.filesIn(slot.directory());
    if (parts.isEmpty()) {
      return false;
    }
    if (recorded == null) {
      keepUnrecorded(slot, parts);
    } else {
      List<OutputFile> complete = cut(slot, parts, recorded);
      dirs.seal(slot.directory(), complete);
      LOG.info(
          "Slot {}: sealed {} of {} files that a former worker left",
          slot.name(),
          complete.size(),
          parts.size());
    }
    return true;
  }

  private void keepUnrecorded(Slot slot, List<OutputFile> parts) throws IOException {
    LOG.warn(
        "Slot {} has {} files that Redis has no record of: Redis lost its data. They are kept as"
            + " they are; pages in them may come again",
        slot.name(),
        parts.size());
    unrecorded.increment(parts.size());
    dirs.seal(slot.directory(), parts);
  }

  /** Cuts the recorded files, drops what came after them, and gives what is to be sealed. */
  private List<OutputFile> cut(Slot slot, List<OutputFile> parts, SlotRecord recorded)
      throws IOException {
    long sequence = sequence(recorded);
    List<OutputFile> complete = new ArrayList<>();
    for (OutputFile part : parts) {
      Path path = slot.directory().resolve(part.partName());
      SinkOffset offset = offset(recorded, part);
      if (offset == null ? part.sequence() > sequence : offset.offset() == 0) {
        Files.delete(path);
      } else {
        if (offset != null) {
          cut(path, offset.offset());
        }
        complete.add(part);
      }
    }
    return complete;
  }

  private void cut(Path path, long offset) throws IOException {
    try (Ledger.Entry _ = dirs.files().enter(path);
        FileChannel file = FileChannel.open(path, StandardOpenOption.WRITE)) {
      if (file.size() < offset) {
        LOG.warn(
            "{} holds {} bytes, but {} were committed: the file system lost synced data",
            path,
            file.size(),
            offset);
      }
      file.truncate(offset);
      file.force(true);
    }
  }

  private static long sequence(SlotRecord recorded) {
    long sequence = 0;
    for (SinkOffset sink : recorded.sinks()) {
      OutputFile file = OutputFile.parse(sink.file());
      sequence = file == null ? sequence : Math.max(sequence, file.sequence());
    }
    return sequence;
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
