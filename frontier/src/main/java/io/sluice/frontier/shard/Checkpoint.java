package io.sluice.frontier.shard;

import io.sluice.core.resource.Ledger;
import io.sluice.frontier.journal.DamagedFileException;
import io.sluice.frontier.journal.Decoder;
import io.sluice.frontier.journal.Disk;
import io.sluice.frontier.journal.Encoder;
import io.sluice.frontier.journal.FileHeader;
import io.sluice.frontier.journal.RecordReader;
import io.sluice.frontier.journal.RecordWriter;
import io.sluice.frontier.queue.HostQueue;
import io.sluice.frontier.queue.PackedUrl;
import it.unimi.dsi.fastutil.longs.LongIterator;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Iterator;

/**
 * A shard's state written whole. Immutable, its state excepted.
 *
 * @param state the state
 * @param crawlLogLength how long the crawl log was, all of it certain
 */
record Checkpoint(ShardState state, long crawlLogLength) {

  private static final int TOTALS = 1;
  private static final int HOST = 2;
  private static final int URL = 3;
  private static final int RETRY = 4;
  private static final int LEASE = 5;
  private static final int SEEN = 6;
  private static final int END = 7;

  /** Fingerprints of one record at most. */
  private static final int SEEN_CHUNK = 8192;

  /** What was encoded is handed to the operating system when it is this long. */
  private static final int WRITE_BYTES = 1 << 20;

  /**
   * Writes a file that is durable when this returns; its name is not yet.
   *
   * @return the file's length
   */
  long write(Disk disk, Path file, FileHeader header, Ledger ledger) throws IOException {
    try (RecordWriter writer = RecordWriter.create(disk, file, header, ledger)) {
      writeTotals(writer);
      writeHosts(writer);
      writeUrls(writer);
      writeSeen(writer);
      writer.begin(END);
      end(writer);
      writer.write();
      writer.sync();
      return writer.length();
    }
  }

  private void writeTotals(RecordWriter writer) throws IOException {
    Encoder to = writer.begin(TOTALS);
    to.putVarint(state.reservedUpTo()).putVarint(crawlLogLength).putVarint(state.bytes());
    state.ended().forEach((ending, count) -> to.putByte(EndingCode.of(ending)).putVarint(count));
    end(writer);
  }

  private void writeHosts(RecordWriter writer) throws IOException {
    for (HostQueue host : state.hosts()) {
      writer
          .begin(HOST)
          .putString(host.name())
          .putVarint(host.crawlDelay().toMillis())
          .putVarint(host.pages());
      end(writer);
    }
  }

  private void writeUrls(RecordWriter writer) throws IOException {
    for (HostQueue host : state.hosts()) {
      for (Iterator<PackedUrl> urls = host.urls(); urls.hasNext(); ) {
        urls.next().encode(writer.begin(URL).putVarint(host.id()));
        end(writer);
      }
    }
    for (WaitingRetry retry : state.retries()) {
      Encoder to = writer.begin(RETRY).putVarint(retry.sequence()).putVarint(retry.host().id());
      retry.url().encode(to.putVarint(retry.after().toMillis()));
      end(writer);
    }
    for (OpenLease lease : state.leases()) {
      Encoder to = writer.begin(LEASE).putVarint(lease.sequence()).putVarint(lease.host().id());
      lease.url().encode(to);
      end(writer);
    }
  }

  private void writeSeen(RecordWriter writer) throws IOException {
    LongIterator fingerprints = state.seen().iterator();
    while (fingerprints.hasNext()) {
      Encoder to = writer.begin(SEEN);
      for (int i = 0; i < SEEN_CHUNK && fingerprints.hasNext(); i++) {
        to.putLong(fingerprints.nextLong());
      }
      end(writer);
    }
  }

  private static void end(RecordWriter writer) throws IOException {
    writer.end();
    if (writer.pendingBytes() >= WRITE_BYTES) {
      writer.write();
    }
  }

  /**
   * Reads a file that {@link #write} finished.
   *
   * @throws DamagedFileException if it is not whole
   */
  static Checkpoint read(Path file, FileHeader header) throws IOException {
    try (RecordReader reader = RecordReader.open(file, header)) {
      ShardState state = new ShardState();
      long crawlLogLength = 0;
      boolean ended = false;
      while (reader.next()) {
        if (reader.type() == TOTALS) {
          crawlLogLength = readTotals(reader.payload(), state);
        } else if (reader.type() == END) {
          ended = true;
        } else {
          restore(reader, state);
        }
      }
      if (!ended || !reader.complete()) {
        throw new DamagedFileException(file, reader.offset(), "a checkpoint is not whole");
      }
      return new Checkpoint(state, crawlLogLength);
    } catch (IllegalStateException e) {
      throw new DamagedFileException(file + ": damaged: " + e.getMessage());
    }
  }

  private static long readTotals(Decoder from, ShardState state) {
    long reserved = from.takeVarint();
    long crawlLogLength = from.takeVarint();
    long bytes = from.takeVarint();
    state.restoreTotals(reserved, bytes);
    while (!from.exhausted()) {
      state.restoreEnded(EndingCode.ending(from.takeByte()), from.takeVarint());
    }
    return crawlLogLength;
  }

  private static void restore(RecordReader record, ShardState state) {
    Decoder from = record.payload();
    switch (record.type()) {
      case HOST ->
          state.restoreHost(
              from.takeString(), Duration.ofMillis(from.takeVarint()), from.takeVarint());
      case URL -> state.restoreQueued(from.takeCount(), PackedUrl.decode(from));
      case RETRY -> {
        long sequence = from.takeVarint();
        int host = from.takeCount();
        Duration after = Duration.ofMillis(from.takeVarint());
        state.restoreRetry(sequence, host, PackedUrl.decode(from), after);
      }
      case LEASE -> state.restoreLease(from.takeVarint(), from.takeCount(), PackedUrl.decode(from));
      case SEEN -> {
        while (!from.exhausted()) {
          state.seen().add(from.takeLong());
        }
      }
      default -> throw new IllegalStateException("record type " + record.type());
    }
  }
}
