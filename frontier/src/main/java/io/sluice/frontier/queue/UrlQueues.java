package io.sluice.frontier.queue;

import io.sluice.frontier.journal.OpenFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongPredicate;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * The URLs of a shard that wait for a lease: the newer ones in memory, up to a bound, the older
 * ones in segments on disk. Of a URL on disk nothing is in memory; of a host, where its URLs begin
 * in each segment.
 *
 * <p>When memory is full, all of it is {@linkplain #spill spilled} to a new segment, in the order
 * of hosts. Segments are merged in the background, so that there are few of them and little in them
 * that was taken. What the last durable checkpoint names must stay on disk; files that no
 * checkpoint names are for its writer to delete. Confined to its shard's thread.
 */
public final class UrlQueues implements AutoCloseable {

  /** More segments than this a merge cannot tell apart. */
  private static final int MAX_MERGED = 256;

  private final QueuePlace place;
  private final Hosts hosts = new Hosts();
  private final List<Segment> segments = new ArrayList<>();
  private final OpenSegments openSegments;
  private UrlArena arena = new UrlArena();
  private long arenaLive;
  private long size;
  private long nextNumber = 1;
  private @Nullable SegmentMerge merge;

  /** Queues without a URL. */
  public UrlQueues(QueuePlace place) {
    this.place = place;
    this.openSegments = new OpenSegments(place.openFiles());
  }

  /** The hosts. */
  public Hosts hosts() {
    return hosts;
  }

  /** URLs that wait. */
  public long size() {
    return size;
  }

  /** URLs that wait at some hosts, by class, the most urgent first. */
  public static List<Long> sizes(List<HostQueue> hosts) {
    long[] sizes = new long[PackedUrl.CLASSES];
    for (HostQueue host : hosts) {
      for (ClassQueue queue = host.queues(); queue != null; queue = queue.next()) {
        sizes[queue.priority()] += queue.size();
      }
    }
    return LongStream.of(sizes).boxed().toList();
  }

  /** Bytes of memory that URLs take up. */
  public long memoryBytes() {
    return arena.bytes();
  }

  /** Queues a URL behind the others of its host and class. */
  public void append(HostQueue host, PackedUrl url) {
    host.queue(url.classNumber()).append(arena, url);
    arenaLive += UrlArena.sizeOf(url);
    size++;
  }

  /** Puts a URL back before the others of its host and class. */
  public void putBack(HostQueue host, PackedUrl url) {
    host.queue(url.classNumber()).putBack(url);
    size++;
  }

  /** Puts a URL that a checkpoint kept behind those given back, before all others. */
  public void restoreReturned(HostQueue host, PackedUrl url) {
    host.queue(url.classNumber()).putBehindReturned(url);
    size++;
  }

  /** Takes the first URL of a host's most urgent class; null if none waits. */
  public @Nullable PackedUrl poll(HostQueue host) throws IOException {
    ClassQueue queue = host.queues();
    if (queue == null) {
      return null;
    }
    boolean fromMemory = queue.pollsMemory();
    PackedUrl url = queue.poll(arena);
    if (fromMemory) {
      arenaLive -= UrlArena.sizeOf(url);
    }
    if (queue.isEmpty()) {
      host.remove(queue);
    }
    size--;
    return url;
  }

  /** Shows a host's URLs, in the order in which they would be taken. */
  public void visit(HostQueue host, UrlVisitor visitor) throws IOException {
    for (ClassQueue queue = host.queues(); queue != null; queue = queue.next()) {
      if (!queue.visit(arena, visitor)) {
        return;
      }
    }
  }

  /** Shows a host's URLs that were given back. */
  public void visitReturned(HostQueue host, UrlVisitor visitor) throws IOException {
    for (ClassQueue queue = host.queues(); queue != null; queue = queue.next()) {
      queue.visitReturned(visitor);
    }
  }

  /** Shows a host's URLs in memory that were not given back. */
  public void visitMemory(HostQueue host, UrlVisitor visitor) throws IOException {
    for (ClassQueue queue = host.queues(); queue != null; queue = queue.next()) {
      queue.visitMemory(arena, visitor);
    }
  }

  /** Whether memory is full and {@link #spill} must be called. Frees what was taken first. */
  public boolean mustSpill() {
    if (arena.bytes() < place.memoryBytes()) {
      return false;
    }
    if (arenaLive > place.memoryBytes() / 2) {
      return true;
    }
    UrlArena fresh = new UrlArena();
    for (HostQueue host : hosts.all()) {
      for (ClassQueue queue = host.queues(); queue != null; queue = queue.next()) {
        queue.move(arena, fresh);
      }
    }
    arena = fresh;
    return false;
  }

  /**
   * Writes what is in memory to a new segment, durable when this returns; a checkpoint must follow.
   * Does nothing if nothing is.
   */
  public void spill() throws IOException {
    if (arenaLive == 0) {
      return;
    }
    List<ClassQueue> spilled = new ArrayList<>();
    List<Long> offsets = new ArrayList<>();
    long number = nextNumber++;
    long total;
    try (SegmentWriter writer = SegmentWriter.create(place, number)) {
      for (HostQueue host : hosts.all()) {
        for (ClassQueue queue = host.queues(); queue != null; queue = queue.next()) {
          if (queue.inMemory() > 0) {
            spilled.add(queue);
            offsets.add(queue.spill(arena, host.id(), writer));
          }
        }
      }
      writer.finish();
      total = writer.total();
    }
    Segment segment = Segment.open(place, openSegments, number, total);
    segments.add(segment);
    for (int i = 0; i < spilled.size(); i++) {
      spilled.get(i).spilled(segment, offsets.get(i));
    }
    arena = new UrlArena();
    arenaLive = 0;
  }

  /**
   * Takes up a merge that has ended, and begins another where there is one to be made.
   *
   * @return whether segments changed, so that a checkpoint would free room on disk
   * @throws IOException if the merge failed
   */
  public boolean tidy() throws IOException {
    boolean changed = false;
    if (merge != null) {
      if (!merge.isOver()) {
        return false;
      }
      install(merge, merge.result(openSegments));
      merge = null;
      changed = true;
    }
    changed |= dropDead();
    List<Segment> chosen = MergePolicy.choose(segments, Math.min(MAX_MERGED, place.openFiles()));
    if (!chosen.isEmpty()) {
      merge = SegmentMerge.begin(place, nextNumber++, hosts.all(), chosen);
    }
    return changed;
  }

  private boolean dropDead() throws IOException {
    boolean dropped = false;
    for (Segment segment : List.copyOf(segments)) {
      if (segment.live() == 0) {
        segments.remove(segment);
        segment.close();
        dropped = true;
      }
    }
    return dropped;
  }

  private void install(SegmentMerge ended, Segment merged) throws IOException {
    int at = segments.indexOf(ended.segments().getFirst());
    segments.removeAll(ended.segments());
    segments.add(at, merged);
    ended.install(hosts, merged);
    OpenFiles.closeAll(ended.segments());
  }

  /** How many segments there are. */
  public int segmentCount() {
    return segments.size();
  }

  /** Segments, oldest first, as a checkpoint keeps them. */
  public List<SegmentName> segments() {
    return segments.stream().map(s -> new SegmentName(s.number(), s.total())).toList();
  }

  /** The segment that will be written next. */
  public long nextNumber() {
    return nextNumber;
  }

  /** The files of the segments, that of a running merge included. */
  public List<Path> files() {
    List<Path> files = new ArrayList<>();
    for (Segment segment : segments) {
      files.add(Segment.file(place.directory(), segment.number()));
    }
    if (merge != null) {
      files.add(merge.file());
    }
    return files;
  }

  /** Takes up what a checkpoint kept of the segments. */
  public void restore(List<SegmentName> names, long next) throws IOException {
    nextNumber = next;
    for (SegmentName name : names) {
      segments.add(Segment.open(place, openSegments, name.number(), name.urls()));
    }
  }

  /** Where a host's URLs wait in segments, as a checkpoint keeps it. */
  public List<ExtentName> extents(HostQueue host) {
    List<ExtentName> names = new ArrayList<>();
    for (ClassQueue queue = host.queues(); queue != null; queue = queue.next()) {
      for (Extent at = queue.extents(); at != null; at = at.next()) {
        long segment = at.segment().number();
        names.add(new ExtentName(queue.priority(), segment, at.offset(), at.skip(), at.count()));
      }
    }
    return names;
  }

  /**
   * Takes up where URLs of a host wait in a segment.
   *
   * @throws IllegalStateException if there is no such segment
   */
  public void restore(HostQueue host, ExtentName name) {
    Segment segment =
        segments.stream()
            .filter(s -> s.number() == name.segment())
            .findFirst()
            .orElseThrow(() -> new IllegalStateException("no segment " + name.segment()));
    host.queue(name.priority())
        .append(new Extent(segment, name.offset(), name.skip(), name.count()));
    segment.addLive(name.count());
    size += name.count();
  }

  /** Reads an extent in another way than usual. */
  @FunctionalInterface
  public interface ExtentReader {
    /** Shows as many URLs as wait in the extent. */
    void read(ExtentName extent, UrlVisitor visitor) throws IOException;
  }

  /**
   * Takes a host's URLs out of some segments, back into memory, and with them those that wait
   * behind them, so that their order stays.
   *
   * @param from the segments, by number
   */
  public void pull(HostQueue host, LongPredicate from, ExtentReader reader) throws IOException {
    for (ClassQueue queue = host.queues(); queue != null; queue = queue.next()) {
      Extent before = null;
      Extent at = queue.extents();
      while (at != null && !from.test(at.segment().number())) {
        before = at;
        at = at.next();
      }
      if (at != null) {
        pull(queue, before, at, reader);
      }
    }
  }

  private void pull(ClassQueue queue, @Nullable Extent before, Extent first, ExtentReader reader)
      throws IOException {
    List<PackedUrl> behind = new ArrayList<>();
    queue.visitMemory(arena, (_, url) -> behind.add(url));
    queue.forgetMemory();
    if (before == null) {
      queue.extents(null);
    } else {
      before.next(null);
    }
    for (Extent at = first; at != null; at = at.next()) {
      long segment = at.segment().number();
      at.segment().addLive(-at.count());
      reader.read(
          new ExtentName(queue.priority(), segment, at.offset(), at.skip(), at.count()),
          (_, url) -> {
            queue.append(arena, url);
            arenaLive += UrlArena.sizeOf(url);
            return true;
          });
    }
    behind.forEach(url -> queue.append(arena, url));
  }

  /** Forgets segments in which nothing waits. */
  public void forgetEmptySegments() throws IOException {
    dropDead();
  }

  /** Stops a merge and closes the segments' files. */
  @Override
  public void close() throws IOException {
    if (merge != null) {
      merge.abandon();
    }
    List<Segment> open = List.copyOf(segments);
    segments.clear();
    OpenFiles.closeAll(open);
  }
}
