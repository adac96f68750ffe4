package io.sluice.frontier.state;

import io.sluice.core.lease.Ending;
import io.sluice.frontier.EndedBy;
import io.sluice.frontier.hold.HostStateCodec;
import io.sluice.frontier.journal.DamagedFileException;
import io.sluice.frontier.journal.Decoder;
import io.sluice.frontier.journal.FileHeader;
import io.sluice.frontier.journal.RecordReader;
import io.sluice.frontier.queue.ExtentName;
import io.sluice.frontier.queue.HostQueue;
import io.sluice.frontier.queue.PackedUrl;
import io.sluice.frontier.queue.QueueClass;
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
public class CheckpointReader {

  /** Opens the state once its runs are known. */
  @FunctionalInterface
  public interface Opening {

    /**
     * Opens a state with the given runs of fingerprints and no other contents, as {@link
     * ShardState#open} does.
     */
    ShardState open(ShardFiles files, List<RunName> runs, long nextRun) throws IOException;
  }

  private final ShardFiles files;
  private final Opening opening;
  private final List<SegmentName> segments = new ArrayList<>();
  private final List<RunName> runs = new ArrayList<>();
  private final Map<Ending, Long> endings = new EnumMap<>(Ending.class);
  private long reserved;
  private long crawlLogLength;
  private long bytes;
  private long nextSegment;
  private long nextRun;
  private long running;
  private long judgedBy;
  private int recent;
  private @Nullable ShardState state;
  private boolean ended;

  protected CheckpointReader(ShardFiles files, Opening opening) {
    this.files = files;
    this.opening = opening;
  }

  /**
   * Reads a file that {@link CheckpointWriter} finished. The caller closes the state.
   *
   * @throws DamagedFileException if the file or one that it names is damaged
   */
  public static Checkpoint read(Path file, long generation, ShardFiles files) throws IOException {
    return read(file, generation, files, ShardState::open);
  }

  /**
   * Like {@link #read(Path, long, ShardFiles)}, for a state that is opened in another way.
   *
   * @throws DamagedFileException if the file or one that it names is damaged
   */
  public static Checkpoint read(Path file, long generation, ShardFiles files, Opening opening)
      throws IOException {
    CheckpointReader reader = new CheckpointReader(files, opening);
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
    FileHeader header = new FileHeader(FileHeader.CHECKPOINT, files.shard(), generation);
    try (RecordReader records = RecordReader.open(file, header, files.ledger())) {
      while (records.next()) {
        restore(records.type(), records.payload());
      }
      if (!ended || !records.complete()) {
        throw new DamagedFileException(file, records.offset(), "the checkpoint is incomplete");
      }
      return checkpoint();
    }
  }

  /** What was read. */
  protected final Checkpoint checkpoint() throws IOException {
    return new Checkpoint(state(), crawlLogLength);
  }

  /** Whether the file's last record was read. */
  protected final boolean ended() {
    return ended;
  }

  /** Closes the state, if there is one yet. */
  protected final void close() throws IOException {
    if (state != null) {
      state.close();
    }
  }

  /**
   * Restores a record's contents.
   *
   * @throws IllegalStateException if the record is damaged
   */
  protected final void restore(int type, Decoder from) throws IOException {
    switch (type) {
      case Checkpoint.TOTALS -> readTotals(from);
      case Checkpoint.SEGMENT ->
          segments.add(new SegmentName(from.takeVarint(), from.takeVarint()));
      case Checkpoint.SEEN_RUN -> runs.add(new RunName(from.takeVarint(), from.takeVarint()));
      default -> restore(type, from, state());
    }
  }

  /** The state, which is opened once all files that belong to it are known. */
  private ShardState state() throws IOException {
    ShardState known = state;
    if (known == null) {
      known = opening.open(files, runs, nextRun);
      state = known;
      known.seen().expectRecent(recent);
      restoreSegments(known.queues(), segments, nextSegment);
      known.restoreTotals(reserved, bytes, running, judgedBy, endings);
    }
    return known;
  }

  /** Restores the segments. */
  protected void restoreSegments(UrlQueues queues, List<SegmentName> names, long next)
      throws IOException {
    queues.restore(names, next);
  }

  /** Restores an extent of a host's URLs in a segment. */
  protected void restoreExtent(UrlQueues queues, HostQueue host, ExtentName extent) {
    queues.restore(host, extent);
  }

  /** The host that a URL is assigned to, by the host's number. */
  protected HostQueue host(ShardState of, int number, PackedUrl url) {
    return of.host(number);
  }

  private void readTotals(Decoder from) {
    reserved = from.takeVarint();
    crawlLogLength = from.takeVarint();
    bytes = from.takeVarint();
    nextSegment = from.takeVarint();
    nextRun = from.takeVarint();
    recent = from.takeCount();
    running = from.takeVarint();
    judgedBy = from.takeLong();
    while (!from.exhausted()) {
      endings.put(EndingCode.ending(from.takeByte()), from.takeVarint());
    }
  }

  private void restore(int type, Decoder from, ShardState to) {
    switch (type) {
      case Checkpoint.HOST -> restoreHost(from, to);
      case Checkpoint.RETURNED -> restoreUrl(from, to, to.queues()::restoreReturned);
      case Checkpoint.URL -> restoreUrl(from, to, to.queues()::append);
      case Checkpoint.LEASE -> {
        long sequence = from.takeVarint();
        int number = from.takeCount();
        PackedUrl url = PackedUrl.decode(from);
        to.restoreLease(sequence, host(to, number, url).id(), url);
      }
      case Checkpoint.SEEN -> restoreSeen(from, to);
      case Checkpoint.PREFIXES -> restorePrefixes(from, to);
      case Checkpoint.BUCKET -> to.restoreBucket(to.host(from.takeCount()), from.takeVarint());
      case Checkpoint.AGAIN -> restoreRequeued(from, to);
      case Checkpoint.ADMITTED -> to.restoreAdmitted(from.takeString());
      case Checkpoint.LEFT_ALONE -> to.resting().add(EventCodec.takeLeftAlone(from));
      case Checkpoint.ENDED_BY ->
          to.reasons()
              .restore(
                  new EndedBy(
                      EndingCode.ending(from.takeByte()),
                      from.takeString(),
                      from.takeVarint(),
                      from.takeString()));
      case Checkpoint.END -> {
        to.recount();
        ended = true;
      }
      default -> throw new IllegalStateException("unknown record type " + type);
    }
  }

  /** Puts a restored URL in a queue. */
  @FunctionalInterface
  private interface Destination {
    void put(HostQueue host, int classNumber, PackedUrl url);
  }

  private void restoreUrl(Decoder from, ShardState to, Destination into) {
    int number = from.takeCount();
    int classNumber = from.takeByte();
    if (classNumber >= QueueClass.COUNT) {
      throw new IllegalStateException("unknown class of a URL: " + classNumber);
    }
    PackedUrl url = PackedUrl.decode(from);
    into.put(host(to, number, url), classNumber, url);
  }

  private void restoreHost(Decoder from, ShardState to) {
    String name = from.takeString();
    Duration crawlDelay = Duration.ofMillis(from.takeVarint());
    long pages = from.takeVarint();
    HostQueue host = to.restoreHost(name, crawlDelay, pages, HostStateCodec.decode(from));
    while (!from.exhausted()) {
      restoreExtent(to.queues(), host, readExtent(from));
    }
  }

  private static ExtentName readExtent(Decoder from) {
    return new ExtentName(
        from.takeByte(), from.takeVarint(), from.takeVarint(), from.takeCount(), from.takeCount());
  }

  private static void restoreRequeued(Decoder from, ShardState to) {
    while (!from.exhausted()) {
      to.restoreRequeued(from.takeLong());
    }
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
