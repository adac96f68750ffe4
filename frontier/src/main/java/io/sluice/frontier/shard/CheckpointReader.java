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
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** Reads a checkpoint's file back into a state. Used once, on one thread. */
class CheckpointReader {

  /** Begins the state, when the runs that it is to have are known. */
  @FunctionalInterface
  interface Opening {

    /** A state with runs of fingerprints and nothing else yet, as {@link ShardState#open}. */
    ShardState open(ShardPlace place, List<RunName> runs, long nextRun) throws IOException;
  }

  private final ShardPlace place;
  private final Opening opening;
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

  CheckpointReader(ShardPlace place, Opening opening) {
    this.place = place;
    this.opening = opening;
  }

  /**
   * Reads a file that {@link CheckpointWriter} finished. The caller closes the state.
   *
   * @throws DamagedFileException if it is not whole, or a file that it names is not
   */
  static Checkpoint read(Path file, long generation, ShardPlace place) throws IOException {
    return read(file, generation, place, ShardState::open);
  }

  /**
   * The same for a state that is begun in another way.
   *
   * @throws DamagedFileException if the file is not whole, or one that it names is not
   */
  static Checkpoint read(Path file, long generation, ShardPlace place, Opening opening)
      throws IOException {
    CheckpointReader reader = new CheckpointReader(place, opening);
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
    try (RecordReader records = RecordReader.open(file, header, place.ledger())) {
      while (records.next()) {
        restore(records.type(), records.payload());
      }
      if (!ended || !records.complete()) {
        throw new DamagedFileException(file, records.offset(), "a checkpoint is not whole");
      }
      return checkpoint();
    }
  }

  /** What was read. */
  final Checkpoint checkpoint() throws IOException {
    return new Checkpoint(state(), crawlLogLength);
  }

  /** Whether the last record was there. */
  final boolean ended() {
    return ended;
  }

  /** Closes the state, if there is one yet. */
  final void close() throws IOException {
    if (state != null) {
      state.close();
    }
  }

  /**
   * Takes up a record.
   *
   * @throws IllegalStateException if it does not hold
   */
  final void restore(int type, Decoder from) throws IOException {
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
      known = opening.open(place, runs, nextRun);
      state = known;
      known.seen().expectRecent(recent);
      restoreSegments(known.queues(), segments, nextSegment);
      known.restoreTotals(reserved, bytes, endings);
    }
    return known;
  }

  /** Takes up the segments. */
  void restoreSegments(UrlQueues queues, List<SegmentName> names, long next) throws IOException {
    queues.restore(names, next);
  }

  /** Takes up where URLs of a host wait in a segment. */
  void restoreExtent(UrlQueues queues, HostQueue host, ExtentName extent) {
    queues.restore(host, extent);
  }

  /** The host, of that number, to which a URL goes. */
  HostQueue host(ShardState of, int number, PackedUrl url) {
    return of.host(number);
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
    switch (type) {
      case Checkpoint.HOST -> restoreHost(from, to);
      case Checkpoint.RETURNED -> restoreUrl(from, to, to.queues()::restoreReturned);
      case Checkpoint.URL -> restoreUrl(from, to, to.queues()::append);
      case Checkpoint.RETRY -> restoreRetry(from, to);
      case Checkpoint.LEASE -> {
        long sequence = from.takeVarint();
        restoreUrl(from, to, (host, url) -> to.restoreLease(sequence, host.id(), url));
      }
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

  private void restoreUrl(Decoder from, ShardState to, BiConsumer<HostQueue, PackedUrl> into) {
    int number = from.takeCount();
    PackedUrl url = PackedUrl.decode(from);
    into.accept(host(to, number, url), url);
  }

  private void restoreHost(Decoder from, ShardState to) {
    String name = from.takeString();
    Duration crawlDelay = Duration.ofMillis(from.takeVarint());
    HostQueue host = to.restoreHost(name, crawlDelay, from.takeVarint());
    while (!from.exhausted()) {
      restoreExtent(to.queues(), host, readExtent(from));
    }
  }

  private static ExtentName readExtent(Decoder from) {
    return new ExtentName(
        from.takeByte(), from.takeVarint(), from.takeVarint(), from.takeCount(), from.takeCount());
  }

  private void restoreRetry(Decoder from, ShardState to) {
    long sequence = from.takeVarint();
    int number = from.takeCount();
    Duration after = Duration.ofMillis(from.takeVarint());
    PackedUrl url = PackedUrl.decode(from);
    to.restoreRetry(sequence, host(to, number, url).id(), url, after);
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
