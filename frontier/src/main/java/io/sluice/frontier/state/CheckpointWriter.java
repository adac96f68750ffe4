package io.sluice.frontier.state;

import io.sluice.frontier.EndedBy;
import io.sluice.frontier.hold.HostStateCodec;
import io.sluice.frontier.journal.Encoder;
import io.sluice.frontier.journal.FileHeader;
import io.sluice.frontier.journal.RecordWriter;
import io.sluice.frontier.queue.Calendar;
import io.sluice.frontier.queue.ExtentName;
import io.sluice.frontier.queue.HostQueue;
import io.sluice.frontier.queue.PackedUrl;
import io.sluice.frontier.queue.SegmentName;
import io.sluice.frontier.queue.UrlQueues;
import io.sluice.frontier.seen.RunName;
import it.unimi.dsi.fastutil.longs.LongIterator;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Writes a checkpoint's file. Used once, on its shard's thread. */
final class CheckpointWriter implements AutoCloseable {

  /** Maximum number of fingerprints in one record. */
  private static final int SEEN_CHUNK = 8192;

  /** Encoded bytes are handed to the operating system in pieces of about this size. */
  private static final int WRITE_BYTES = 1 << 20;

  private final RecordWriter writer;
  private final ShardState state;
  private final UrlQueues queues;

  private CheckpointWriter(RecordWriter writer, ShardState state) {
    this.writer = writer;
    this.state = state;
    this.queues = state.queues();
  }

  /**
   * Writes a file whose contents are durable when this method returns; its directory entry is not
   * yet.
   *
   * @return the file's length
   */
  static long write(Checkpoint checkpoint, Path file, long generation, ShardFiles files)
      throws IOException {
    FileHeader header = new FileHeader(FileHeader.CHECKPOINT, files.shard(), generation);
    RecordWriter records = RecordWriter.create(files.disk(), file, header, files.ledger());
    try (CheckpointWriter writer = new CheckpointWriter(records, checkpoint.state())) {
      writer.writeTotals(checkpoint.crawlLogLength());
      writer.writeFiles();
      writer.writeHosts();
      writer.writeCalendars();
      writer.writeUrls();
      writer.writeSeen();
      writer.writePrefixes();
      writer.writeAgain();
      writer.writeAdmitted();
      writer.writeReasons();
      writer.writeResting();
      writer.begin(Checkpoint.END);
      writer.end();
      records.write();
      records.sync();
      return records.length();
    }
  }

  private void writeTotals(long crawlLogLength) throws IOException {
    Encoder to = begin(Checkpoint.TOTALS);
    to.putVarint(state.reservedUpTo()).putVarint(crawlLogLength).putVarint(state.bytes());
    to.putVarint(queues.nextNumber()).putVarint(state.seen().nextNumber());
    to.putVarint(state.seen().recentCount());
    to.putVarint(state.runningMillis()).putLong(state.judgedBy());
    state.ended().forEach((ending, count) -> to.putByte(EndingCode.of(ending)).putVarint(count));
    end();
  }

  private void writeFiles() throws IOException {
    for (SegmentName segment : queues.segments()) {
      begin(Checkpoint.SEGMENT).putVarint(segment.number()).putVarint(segment.urls());
      end();
    }
    for (RunName run : state.seen().runs()) {
      begin(Checkpoint.SEEN_RUN).putVarint(run.number()).putVarint(run.count());
      end();
    }
  }

  private void writeHosts() throws IOException {
    for (HostQueue host : state.hosts()) {
      Encoder to = begin(Checkpoint.HOST).putString(host.name());
      to.putVarint(host.crawlDelay().toMillis()).putVarint(host.pages());
      HostStateCodec.encode(host.state(), to);
      List<ExtentName> extents = queues.extents(host);
      for (ExtentName extent : extents) {
        to.putByte(extent.classNumber()).putVarint(extent.segment()).putVarint(extent.offset());
        to.putVarint(extent.skip()).putVarint(extent.count());
      }
      end();
    }
  }

  private void writeCalendars() throws IOException {
    for (Calendar calendar : List.of(state.calendar(), state.retries())) {
      for (Map.Entry<Long, HostQueue> bucket : calendar.byTime().entrySet()) {
        begin(Checkpoint.BUCKET).putVarint(bucket.getValue().id()).putVarint(bucket.getKey());
        end();
      }
    }
  }

  private void writeUrls() throws IOException {
    for (HostQueue host : state.hosts()) {
      queues.visitReturned(host, (of, url) -> writeUrl(Checkpoint.RETURNED, host, of, url));
      queues.visitMemory(host, (of, url) -> writeUrl(Checkpoint.URL, host, of, url));
    }
    for (OpenLease lease : state.leases()) {
      Encoder to = begin(Checkpoint.LEASE).putVarint(lease.sequence()).putVarint(lease.host().id());
      lease.url().encode(to);
      end();
    }
  }

  private boolean writeUrl(int type, HostQueue host, int classNumber, PackedUrl url)
      throws IOException {
    url.encode(begin(type).putVarint(host.id()).putByte(classNumber));
    end();
    return true;
  }

  private void writeSeen() throws IOException {
    LongIterator fingerprints = state.seen().recent();
    while (fingerprints.hasNext()) {
      Encoder to = begin(Checkpoint.SEEN);
      for (int i = 0; i < SEEN_CHUNK && fingerprints.hasNext(); i++) {
        to.putLong(fingerprints.nextLong());
      }
      end();
    }
  }

  private void writePrefixes() throws IOException {
    Encoder to = begin(Checkpoint.PREFIXES);
    state.prefixes().forEach((prefix, count) -> to.putLong(prefix).putVarint(count));
    end();
  }

  private void writeAgain() throws IOException {
    LongIterator fingerprints = state.requeued().iterator();
    while (fingerprints.hasNext()) {
      Encoder to = begin(Checkpoint.AGAIN);
      for (int i = 0; i < SEEN_CHUNK && fingerprints.hasNext(); i++) {
        to.putLong(fingerprints.nextLong());
      }
      end();
    }
  }

  private void writeAdmitted() throws IOException {
    for (String domain : state.admitted()) {
      begin(Checkpoint.ADMITTED).putString(domain);
      end();
    }
  }

  private void writeReasons() throws IOException {
    for (EndedBy ended : state.endedBy()) {
      Encoder to = begin(Checkpoint.ENDED_BY).putByte(EndingCode.of(ended.ending()));
      to.putString(ended.reason()).putVarint(ended.count()).putString(ended.example());
      end();
    }
  }

  private void writeResting() throws IOException {
    for (Event.LeftAlone host : state.resting().all()) {
      EventCodec.putLeftAlone(host, begin(Checkpoint.LEFT_ALONE));
      end();
    }
  }

  private Encoder begin(int type) {
    return writer.begin(type);
  }

  private void end() throws IOException {
    writer.end();
    if (writer.pendingBytes() >= WRITE_BYTES) {
      writer.write();
    }
  }

  @Override
  public void close() throws IOException {
    writer.close();
  }
}
