package io.sluice.parser.slot;

import io.sluice.core.resource.Ledger;
import io.sluice.core.stream.SinkOffset;
import io.sluice.core.stream.SlotRecord;
import io.sluice.parser.sink.PageSink;
import io.sluice.parser.sink.SinkFile;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A part that is being written: its file, its sink, and its committed length. Confined to its
 * worker's thread.
 */
final class OpenFile implements Closeable {

  private final OutputFile name;
  private final SinkFile file;
  private final PageSink sink;
  private long endOfBatch;
  private long committed;

  private OpenFile(OutputFile name, SinkFile file, PageSink sink) {
    this.name = name;
    this.file = file;
    this.sink = sink;
  }

  static OpenFile create(OutputFile name, Path directory, PageSink.Factory factory, Ledger ledger)
      throws IOException {
    SinkFile file = SinkFile.create(directory.resolve(name.partName()), name.kind(), ledger);
    try {
      return begin(new OpenFile(name, file, factory.open(file, name.name())));
    } catch (IOException | RuntimeException | Error e) {
      file.close();
      throw e;
    }
  }

  private static OpenFile begin(OpenFile open) throws IOException {
    try {
      open.sink.begin();
      return open;
    } catch (IOException | RuntimeException | Error e) {
      open.sink.close();
      throw e;
    }
  }

  OutputFile name() {
    return name;
  }

  PageSink sink() {
    return sink;
  }

  /** The end of the last completed batch, as an offset in the file. */
  long endOfBatch() {
    return endOfBatch;
  }

  /** The end of the last committed batch, as an offset in the file; 0 before the first. */
  long committedBytes() {
    return committed;
  }

  /** Checks that the file is still in place and complete. */
  void verify() throws IOException {
    file.verify();
  }

  void endBatch() throws IOException {
    sink.endBatch();
    file.sync();
    endOfBatch = file.offset();
  }

  /** Notes that the last completed batch is committed; returns how many bytes it added. */
  long commit() {
    long added = endOfBatch - committed;
    committed = endOfBatch;
    return added;
  }

  boolean isIn(SlotRecord record) {
    return record.sinks().stream().anyMatch(sink -> sink.file().equals(name.name()));
  }

  /** Whether more was committed than the record shows. */
  boolean isAheadOf(SlotRecord record) {
    long recorded =
        record.sinks().stream()
            .filter(sink -> sink.file().equals(name.name()))
            .mapToLong(SinkOffset::offset)
            .findFirst()
            .orElse(0);
    return committed > recorded;
  }

  /** Cuts the file to its recorded length. */
  void cutTo(SlotRecord record) throws IOException {
    for (SinkOffset recorded : record.sinks()) {
      if (recorded.file().equals(name.name())) {
        cut(recorded.offset());
      }
    }
  }

  /** Cuts the file to the last commit that this worker knows of. */
  void cutToCommitted() throws IOException {
    cut(committed);
  }

  private void cut(long offset) throws IOException {
    sink.forgetBatch();
    file.cut(offset);
    endOfBatch = offset;
    committed = offset;
    if (offset == 0) {
      sink.begin();
    }
  }

  void delete() throws IOException {
    Files.deleteIfExists(file.path());
  }

  @Override
  public void close() throws IOException {
    try (file) {
      sink.close();
    }
  }
}
