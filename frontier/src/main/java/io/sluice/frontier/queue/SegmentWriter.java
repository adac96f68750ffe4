package io.sluice.frontier.queue;

import io.sluice.frontier.journal.Encoder;
import io.sluice.frontier.journal.FileHeader;
import io.sluice.frontier.journal.RecordWriter;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes a segment: the URLs of one host and class behind each other, then those of the next.
 * Confined to one thread.
 */
final class SegmentWriter implements AutoCloseable {

  private static final int WRITE_BYTES = 1 << 20;
  private static final int SYNC_BYTES = 32 << 20;

  private final RecordWriter writer;
  private final List<PackedUrl> block = new ArrayList<>();
  private int blockBytes;
  private int host;
  private int priority;
  private long began;
  private long total;

  private SegmentWriter(RecordWriter writer) {
    this.writer = writer;
  }

  /** Creates a segment's file. */
  static SegmentWriter create(QueuePlace place, long number) throws IOException {
    FileHeader header = new FileHeader(FileHeader.SEGMENT, place.shard(), number);
    return new SegmentWriter(
        RecordWriter.create(
            place.disk(), Segment.file(place.directory(), number), header, place.ledger()));
  }

  /** Begins with the URLs of a host and class. */
  void begin(int ofHost, int ofPriority) {
    host = ofHost;
    priority = ofPriority;
    began = 0;
  }

  /** The next URL of the host and class begun last. */
  void add(PackedUrl url) throws IOException {
    blockBytes += block.isEmpty() ? url.bytes().length : Block.costOf(block.getLast(), url);
    block.add(url);
    total++;
    if (blockBytes >= Block.TARGET_BYTES) {
      endBlock();
    }
  }

  /** Ends what was begun; returns where its first block begins. */
  long end() throws IOException {
    endBlock();
    return began;
  }

  /** URLs so far. */
  long total() {
    return total;
  }

  /** Makes the file whole and durable; its name is not yet. */
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
    Block.write(to, host, priority, block);
    writer.end();
    block.clear();
    blockBytes = 0;
    if (writer.pendingBytes() >= WRITE_BYTES) {
      writer.write();
      syncNowAndThen();
    }
  }

  /** So that no journal's sync has to wait behind gigabytes. */
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
