package io.sluice.frontier.shard;

import io.sluice.core.lease.Ending;
import io.sluice.frontier.journal.DamagedFileException;
import io.sluice.frontier.journal.Decoder;
import io.sluice.frontier.journal.FileHeader;
import io.sluice.frontier.journal.RecordReader;
import io.sluice.frontier.queue.ExtentName;
import io.sluice.frontier.queue.HostQueue;
import io.sluice.frontier.queue.PackedUrl;
import io.sluice.frontier.queue.SegmentName;
import io.sluice.frontier.queue.UrlQueues;
import io.sluice.frontier.seen.RunName;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads a checkpoint's file back into a state. Used once, on one thread. */
final class CheckpointReader {

  private final ShardPlace place;
  private final List<SegmentName> segments = new ArrayList<>();
  private final List<RunName> runs = new ArrayList<>();
  private final Map<Ending, Long> endings = new EnumMap<>(Ending.class);
  private long reserved;
  private long crawlLogLength;
  private long bytes;
  private long nextSegment;
  private long nextRun;
  private int recent;
  private @Nullable ShardState state;
  private boolean ended;

  private CheckpointReader(ShardPlace place) {
    this.place = place;
  }

  /**
   * Reads a file that {@link CheckpointWriter} finished. The caller closes the state.
   *
   * @throws DamagedFileException if it is not whole, or a file that it names is not
   */
  static Checkpoint read(Path file, long generation, ShardPlace place) throws IOException {
    CheckpointReader reader = new CheckpointReader(place);
    try {
      return reader.read(file, generation);
    } catch (IllegalStateException e) {
      reader.close();
      throw new DamagedFileException(file + ": damaged: " + e.getMessage());
    } catch (IOException | RuntimeException e) {
      reader.close();
      throw e;
    }
  }

  private Checkpoint read(Path file, long generation) throws IOException {
    FileHeader header = new FileHeader(FileHeader.CHECKPOINT, place.shard(), generation);
    try (RecordReader records = RecordReader.open(file, header)) {
      while (records.next()) {
        read(records.type(), records.payload());
      }
      if (!ended || !records.complete()) {
        throw new DamagedFileException(file, records.offset(), "a checkpoint is not whole");
      }
      return new Checkpoint(state(), crawlLogLength);
    }
  }

  private void close() throws IOException {
    if (state != null) {
      state.close();
    }
  }

  private void read(int type, Decoder from) throws IOException {
    switch (type) {
      case Checkpoint.TOTALS -> readTotals(from);
      case Checkpoint.SEGMENT ->
          segments.add(new SegmentName(from.takeVarint(), from.takeVarint()));
      case Checkpoint.SEEN_RUN -> runs.add(new RunName(from.takeVarint(), from.takeVarint()));
      default -> restore(type, from, state());
    }
  }

  /** The state, which is begun when all of the files that are part of it are known. */
  private ShardState state() throws IOException {
    ShardState known = state;
    if (known == null) {
      known = ShardState.open(place, runs, nextRun);
      state = known;
      known.seen().expectRecent(recent);
      known.queues().restore(segments, nextSegment);
      known.restoreTotals(reserved, bytes, endings);
    }
    return known;
  }

  private void readTotals(Decoder from) {
    reserved = from.takeVarint();
    crawlLogLength = from.takeVarint();
    bytes = from.takeVarint();
    nextSegment = from.takeVarint();
    nextRun = from.takeVarint();
    recent = from.takeCount();
    while (!from.exhausted()) {
      endings.put(EndingCode.ending(from.takeByte()), from.takeVarint());
    }
  }

  private void restore(int type, Decoder from, ShardState to) {
    UrlQueues queues = to.queues();
    switch (type) {
      case Checkpoint.HOST -> restoreHost(from, to);
      case Checkpoint.RETURNED ->
          queues.restoreReturned(to.host(from.takeCount()), PackedUrl.decode(from));
      case Checkpoint.URL -> queues.append(to.host(from.takeCount()), PackedUrl.decode(from));
      case Checkpoint.RETRY -> restoreRetry(from, to);
      case Checkpoint.LEASE ->
          to.restoreLease(from.takeVarint(), from.takeCount(), PackedUrl.decode(from));
      case Checkpoint.SEEN -> restoreSeen(from, to);
      case Checkpoint.PREFIXES -> restorePrefixes(from, to);
      case Checkpoint.BUCKET -> to.calendar().restore(to.host(from.takeCount()), from.takeVarint());
      case Checkpoint.END -> {
        to.calendar().recount();
        ended = true;
      }
      default -> throw new IllegalStateException("record type " + type);
    }
  }

  private static void restoreHost(Decoder from, ShardState to) {
    String name = from.takeString();
    Duration crawlDelay = Duration.ofMillis(from.takeVarint());
    HostQueue host = to.restoreHost(name, crawlDelay, from.takeVarint());
    while (!from.exhausted()) {
      to.queues().restore(host, readExtent(from));
    }
  }

  private static ExtentName readExtent(Decoder from) {
    return new ExtentName(
        from.takeByte(), from.takeVarint(), from.takeVarint(), from.takeCount(), from.takeCount());
  }

  private static void restoreRetry(Decoder from, ShardState to) {
    long sequence = from.takeVarint();
    int host = from.takeCount();
    Duration after = Duration.ofMillis(from.takeVarint());
    to.restoreRetry(sequence, host, PackedUrl.decode(from), after);
  }

  private static void restorePrefixes(Decoder from, ShardState to) {
    while (!from.exhausted()) {
      to.prefixes().restore(from.takeLong(), from.takeCount());
    }
  }

  private static void restoreSeen(Decoder from, ShardState to) {
    while (!from.exhausted()) {
      to.seen().add(from.takeLong());
    }
  }
}
