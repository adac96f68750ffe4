package io.sluice.launcher.export;

import io.sluice.core.members.MemberReader;
import io.sluice.core.resource.BriefFiles;
import io.sluice.core.stream.SinkOffset;
import io.sluice.core.stream.SlotRecord;
import io.sluice.parser.sink.SinkKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Copies newly committed pages from a crawl's output to a target. A sealed file is committed as a
 * whole. A file that a parser is still writing is committed up to the offset in its slot's record
 * in Redis, which is always the end of a gzip member and so of a line. Confined to one thread.
 */
final class CommittedPages {

  private static final int BUFFER_BYTES = 64 << 10;

  /**
   * Uncompressed bytes between two saves of the position; this bounds how much is copied again
   * after a crash.
   */
  private static final long SAVE_EVERY_BYTES = 8 << 20;

  private final Path output;
  private final BriefFiles files;
  private final ExportState state;
  private final ExportTarget target;
  private final Set<String> whole = new HashSet<>();
  private final byte[] buffer = new byte[BUFFER_BYTES];
  private long unsaved;

  /**
   * @param output {@code crawl.dir/output}
   * @param files lists directories, and enters open files in the ledger
   */
  CommittedPages(Path output, BriefFiles files, ExportState state, ExportTarget target) {
    this.output = output;
    this.files = files;
    this.state = state;
    this.target = target;
  }

  /**
   * Copies newly committed lines. At the end and every {@value #SAVE_EVERY_BYTES} bytes, makes them
   * durable and saves the position, so that a run that runs out of time leaves less to the next
   * one.
   *
   * @param records the slots' records, read from Redis beforehand; empty if Redis did not answer
   * @throws IOException if the output cannot be read or the target cannot be written
   */
  void copy(List<SlotRecord> records) throws IOException {
    try {
      copyAll(records);
      if (unsaved > 0) {
        save();
      }
    } catch (IOException e) {
      saveAfter(e);
      throw e;
    }
  }

  private void copyAll(List<SlotRecord> records) throws IOException {
    Path sealed = output.resolve(SinkKind.PAGES.word());
    if (Files.isDirectory(sealed)) {
      for (Path file : files.list(sealed).stream().sorted().toList()) {
        String name = String.valueOf(file.getFileName());
        if (SinkKind.PAGES.names(name) && !whole.contains(name)) {
          copy(file, name, Files.size(file));
          whole.add(name);
        }
      }
    }
    for (SlotRecord record : records) {
      for (SinkOffset sink : record.sinks()) {
        Path part = output.resolve("slots").resolve(record.slot()).resolve(sink.file() + ".part");
        if (sink.sink().equals(SinkKind.PAGES.word()) && !whole.contains(sink.file())) {
          copy(part, sink.file(), sink.offset());
        }
      }
    }
  }

  /** Copies a file's members up to an offset. */
  private void copy(Path file, String name, long to) throws IOException {
    if (to <= state.copied(name)) {
      return;
    }
    try (MemberReader members = MemberReader.open(file, files)) {
      members.seek(state.copied(name));
      while (state.copied(name) < to && members.next()) {
        copyMember(members, name);
        state.copied(name, members.end());
        if (unsaved >= SAVE_EVERY_BYTES) {
          save();
        }
      }
    } catch (NoSuchFileException e) {
      // A parser has just sealed the file: the next pass finds it under its final name.
    }
  }

  /**
   * Copies a member, without the lines that a stream accepted before it failed in an earlier run.
   */
  private void copyMember(MemberReader members, String name) throws IOException {
    long taken = state.takenBehind(name);
    long wholeLines = taken;
    long plain = 0;
    int count = members.read(buffer, 0, buffer.length);
    while (count >= 0) {
      int from = Math.clamp(taken - plain, 0, count);
      long length = target instanceof ExportTarget.Stream stream ? stream.sync() : 0;
      try {
        target.write(buffer, from, count - from);
      } catch (IOException e) {
        if (target instanceof ExportTarget.Stream stream) {
          int written = (int) (stream.sync() - length);
          unsaved += written;
          state.takenBehind(name, wholeLines(wholeLines, plain, from, from + written));
        }
        throw e;
      }
      unsaved += count - from;
      wholeLines = wholeLines(wholeLines, plain, from, count);
      if (target instanceof ExportTarget.Stream) {
        state.takenBehind(name, wholeLines); // before the next read, which a stop may interrupt
      }
      plain += count;
      count = members.read(buffer, 0, buffer.length);
    }
  }

  /**
   * Returns how many of a member's bytes are whole lines, including the buffer's bytes from {@code
   * from} to {@code to}.
   */
  private long wholeLines(long before, long plain, int from, int to) {
    for (int i = to - 1; i >= from; i--) {
      if (buffer[i] == '\n') {
        return plain + i + 1;
      }
    }
    return before;
  }

  private void save() throws IOException {
    state.save(target.sync());
    unsaved = 0;
  }

  /**
   * Saves the position after an export to a stream has failed: a stream cannot take back what was
   * written to it, so the next export must not write that again.
   */
  private void saveAfter(IOException failure) {
    if (target instanceof ExportTarget.Stream && unsaved > 0) {
      boolean interrupted = Thread.interrupted(); // an interrupt would close the state file, too
      try {
        save();
      } catch (IOException e) {
        failure.addSuppressed(e);
      } finally {
        if (interrupted) {
          Thread.currentThread().interrupt();
        }
      }
    }
  }
}
