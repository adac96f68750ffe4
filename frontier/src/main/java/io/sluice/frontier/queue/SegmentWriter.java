package io.sluice.frontier.queue;

import io.sluice.frontier.journal.Encoder;
import io.sluice.frontier.journal.FileHeader;
import io.sluice.frontier.journal.RecordWriter;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes a segment: all URLs of one host and class, then those of the next. Confined to one thread.
 */
final class SegmentWriter implements AutoCloseable {

  private static final int WRITE_BYTES = 1 << 20;
  private static final int SYNC_BYTES = 32 << 20;

  private final RecordWriter writer;
  private final List<PackedUrl> block = new ArrayList<>();
  private int blockBytes;
  private int host;
  private int classNumber;
  private long began;
  private long total;

  private SegmentWriter(RecordWriter writer) {
    this.writer = writer;
  }

  /** Creates a segment's file. */
  static SegmentWriter create(QueueFiles files, long number) throws IOException {
    FileHeader header = new FileHeader(FileHeader.SEGMENT, files.shard(), number);
    return new SegmentWriter(
        RecordWriter.create(
            files.disk(), Segment.file(files.directory(), number), header, files.ledger()));
  }

  /** Begins the URLs of a host and class. */
  void begin(int ofHost, int ofClass) {
    host = ofHost;
    classNumber = ofClass;
    began = 0;
  }

  /** Adds a URL of the current host and class. */
  void add(PackedUrl url) throws IOException {
    blockBytes += block.isEmpty() ? url.bytes().length : Block.costOf(block.getLast(), url);
    block.add(url);
    total++;
    if (blockBytes >= Block.TARGET_BYTES) {
      endBlock();
    }
  }

  /** Ends the current host and class; returns where its first block begins. */
  long end() throws IOException {
    endBlock();
    return began;
  }

  /** The number of URLs so far. */
  long total() {
    return total;
  }

  /** Completes the file and makes it durable, except for its directory entry. */
  void finish() throws IOException {
    writer.begin(Segment.END).putVarint(total);
    writer.end();
    writer.write();
    writer.sync();
  }

  private void endBlock() throws IOException {
    if (block.isEmpty()) {
      return;
    }
    Encoder to = writer.begin(Segment.BLOCK);
    if (began == 0) {
      began = writer.begunAt();
    }
    Block.write(to, host, classNumber, block);
    writer.end();
    block.clear();
    blockBytes = 0;
    if (writer.pendingBytes() >= WRITE_BYTES) {
      writer.write();
      syncNowAndThen();
    }
  }

  /** Syncs at intervals, so that no journal's sync has to wait for gigabytes to be written. */
  private void syncNowAndThen() throws IOException {
    if (writer.length() - writer.syncedLength() >= SYNC_BYTES) {
      writer.sync();
    }
  }

  @Override
  public void close() throws IOException {
    writer.close();
  }
}
