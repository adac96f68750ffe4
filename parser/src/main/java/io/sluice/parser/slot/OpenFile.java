package io.sluice.parser.slot;

import io.sluice.core.redis.SinkOffset;
import io.sluice.core.redis.SlotRecord;
import io.sluice.core.resource.Ledger;
import io.sluice.parser.sink.PageSink;
import io.sluice.parser.sink.SinkFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A part that is being written: its file, its sink, and up to where it is committed. Confined to
 * its worker's thread.
 */
final class OpenFile implements AutoCloseable {

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
    OpenFile open = new OpenFile(name, file, factory.open(file, name.name()));
    try {
      open.sink.begin();
      return open;
    } catch (IOException | RuntimeException e) {
      open.close();
      throw e;
    }
  }

  OutputFile name() {
    return name;
  }

  PageSink sink() {
    return sink;
  }

  /** Where the last ended batch ends. */
  long endOfBatch() {
    return endOfBatch;
  }

  /** Where the last committed batch ends; 0 before the first. */
  long committedBytes() {
    return committed;
  }

  void endBatch() throws IOException {
    sink.endBatch();
    file.sync();
    endOfBatch = file.offset();
  }

  /** Says that the last ended batch is committed; gives how many bytes it added. */
  long commit() {
    long added = endOfBatch - committed;
    committed = endOfBatch;
    return added;
  }

  boolean isIn(SlotRecord record) {
    return record.sinks().stream().anyMatch(sink -> sink.file().equals(name.name()));
  }

  /** Whether more was committed than is recorded of the file. */
  boolean isAheadOf(SlotRecord record) {
    long recorded =
        record.sinks().stream()
            .filter(sink -> sink.file().equals(name.name()))
            .mapToLong(SinkOffset::offset)
            .findFirst()
            .orElse(0);
    return committed > recorded;
  }

  /** Cuts the file to what is recorded of it. */
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
