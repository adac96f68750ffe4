package io.sluice.frontier.shard;

import io.sluice.frontier.journal.DamagedFileException;
import io.sluice.frontier.journal.Decoder;
import io.sluice.frontier.journal.FileHeader;
import io.sluice.frontier.journal.RecordReader;
import io.sluice.frontier.queue.ExtentName;
import io.sluice.frontier.queue.HostQueue;
import io.sluice.frontier.queue.PackedUrl;
import io.sluice.frontier.queue.SegmentName;
import io.sluice.frontier.queue.UrlQueues;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Reads a checkpoint's file back into a state. Used once, on one thread. */
final class CheckpointReader {

  private final ShardState state;
  private final UrlQueues queues;
  private final List<SegmentName> segments = new ArrayList<>();
  private long crawlLogLength;
  private long nextSegment;
  private boolean segmentsOpen;
  private boolean ended;

  private CheckpointReader(ShardState state) {
    this.state = state;
    this.queues = state.queues();
  }

  /**
   * Reads a file that {@link CheckpointWriter} finished. The caller closes the state.
   *
   * @throws DamagedFileException if it is not whole, or a segment that it names is missing
   */
  static Checkpoint read(Path file, long generation, ShardPlace place) throws IOException {
    FileHeader header = new FileHeader(FileHeader.CHECKPOINT, place.shard(), generation);
    ShardState state = new ShardState(new UrlQueues(place.queues()));
    try (RecordReader records = RecordReader.open(file, header)) {
      CheckpointReader reader = new CheckpointReader(state);
      while (records.next()) {
        reader.restore(records.type(), records.payload());
      }
      if (!reader.ended || !records.complete()) {
        throw new DamagedFileException(file, records.offset(), "a checkpoint is not whole");
      }
      return new Checkpoint(state, reader.crawlLogLength);
    } catch (IllegalStateException e) {
      state.close();
      throw new DamagedFileException(file + ": damaged: " + e.getMessage());
    } catch (IOException | RuntimeException e) {
      state.close();
      throw e;
    }
  }

  private void restore(int type, Decoder from) throws IOException {
    if (type > Checkpoint.SEGMENT && !segmentsOpen) {
      segmentsOpen = true;
      queues.restore(segments, nextSegment);
    }
    switch (type) {
      case Checkpoint.TOTALS -> restoreTotals(from);
      case Checkpoint.SEGMENT ->
          segments.add(new SegmentName(from.takeVarint(), from.takeVarint()));
      case Checkpoint.HOST -> restoreHost(from);
      case Checkpoint.RETURNED ->
          queues.restoreReturned(state.host(from.takeCount()), PackedUrl.decode(from));
      case Checkpoint.URL -> queues.append(state.host(from.takeCount()), PackedUrl.decode(from));
      case Checkpoint.RETRY -> restoreRetry(from);
      case Checkpoint.LEASE ->
          state.restoreLease(from.takeVarint(), from.takeCount(), PackedUrl.decode(from));
      case Checkpoint.SEEN -> restoreSeen(from);
      case Checkpoint.END -> ended = true;
      default -> throw new IllegalStateException("record type " + type);
    }
  }

  private void restoreTotals(Decoder from) {
    long reserved = from.takeVarint();
    crawlLogLength = from.takeVarint();
    state.restoreTotals(reserved, from.takeVarint());
    nextSegment = from.takeVarint();
    while (!from.exhausted()) {
      state.restoreEnded(EndingCode.ending(from.takeByte()), from.takeVarint());
    }
  }

  private void restoreHost(Decoder from) {
    String name = from.takeString();
    Duration crawlDelay = Duration.ofMillis(from.takeVarint());
    HostQueue host = state.restoreHost(name, crawlDelay, from.takeVarint());
    while (!from.exhausted()) {
      queues.restore(
          host,
          new ExtentName(
              from.takeByte(),
              from.takeVarint(),
              from.takeVarint(),
              from.takeCount(),
              from.takeCount()));
    }
  }

  private void restoreRetry(Decoder from) {
    long sequence = from.takeVarint();
    int host = from.takeCount();
    Duration after = Duration.ofMillis(from.takeVarint());
    state.restoreRetry(sequence, host, PackedUrl.decode(from), after);
  }

  private void restoreSeen(Decoder from) {
    while (!from.exhausted()) {
      state.seen().add(from.takeLong());
    }
  }
}
