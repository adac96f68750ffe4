package io.sluice.frontier.queue;

import io.sluice.core.lifecycle.Closing;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongPredicate;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * The URLs of a shard that are waiting for a lease: the newer ones in memory, up to a bound, the
 * older ones in segments on disk. A URL on disk takes no memory, apart from the offset of each
 * host's first URL in each segment.
 *
 * <p>When memory is full, all URLs in it are {@linkplain #spill spilled} to a new segment, in the
 * order of hosts. Segments are merged in the background, so that they are few and contain few taken
 * URLs. Files that the last durable checkpoint names must stay on disk; the writer of checkpoints
 * deletes the others. Confined to its shard's thread.
 */
public final class UrlQueues implements AutoCloseable {

  /** Maximum number of segments in one merge. */
  private static final int MAX_MERGED = 256;

  private final QueueFiles files;
  private final Hosts hosts = new Hosts();
  private final List<Segment> segments = new ArrayList<>();
  private final OpenSegments openSegments;
  private UrlArena arena = new UrlArena();
  private long arenaLive;
  private long size;
  private long nextNumber = 1;
  private @Nullable SegmentMerge merge;

  /** Creates empty queues. */
  public UrlQueues(QueueFiles files) {
    this.files = files;
    this.openSegments = new OpenSegments(files.openFiles());
  }

  /** The hosts. */
  public Hosts hosts() {
    return hosts;
  }

  /** The number of URLs in the queues, including those of buckets and those set aside. */
  public long size() {
    return size;
  }

  /** The number of URLs waiting at some hosts, by class, as {@link QueueClass} numbers them. */
  public static List<Long> sizes(List<HostQueue> hosts) {
    long[] sizes = new long[QueueClass.COUNT];
    for (HostQueue host : hosts) {
      for (ClassQueue queue = host.queues(); queue != null; queue = queue.next()) {
        sizes[queue.classNumber()] += queue.size();
      }
    }
    return LongStream.of(sizes).boxed().toList();
  }

  /** Memory of the URLs in the arena, in bytes. */
  public long memoryBytes() {
    return arena.bytes();
  }

  /** Queues a URL after the others of its host and priority. */
  public void append(HostQueue host, PackedUrl url) {
    append(host, url.classNumber(), url);
  }

  /** Queues a URL after the others of its host in a class. */
  public void append(HostQueue host, int classNumber, PackedUrl url) {
    host.queue(classNumber).append(arena, url);
    arenaLive += UrlArena.sizeOf(url);
    count(host, classNumber, 1);
  }

  /** Puts a URL back before the others of its host and priority. */
  public void putBack(HostQueue host, PackedUrl url) {
    host.queue(url.classNumber()).putBack(url);
    count(host, url.classNumber(), 1);
  }

  /**
   * Restores from a checkpoint a URL that was given back: after the others given back, before all
   * others of its class.
   */
  public void restoreReturned(HostQueue host, int classNumber, PackedUrl url) {
    host.queue(classNumber).putBehindReturned(url);
    count(host, classNumber, 1);
  }

  private void count(HostQueue host, int classNumber, int change) {
    hosts.waits(host, classNumber, change);
    size += change;
  }

  /**
   * Takes the first URL of a host's most urgent class, ignoring those set aside; null if none
   * waits.
   */
  public @Nullable PackedUrl poll(HostQueue host) throws IOException {
    ClassQueue queue = host.queues();
    return queue == null || queue.classNumber() == QueueClass.SET_ASIDE ? null : poll(host, queue);
  }

  /** Takes the first of a host's URLs set aside, to judge it again; null if there is none. */
  public @Nullable PackedUrl pollSetAside(HostQueue host) throws IOException {
    ClassQueue queue = host.queues();
    while (queue != null && queue.classNumber() != QueueClass.SET_ASIDE) {
      queue = queue.next();
    }
    if (queue == null) {
      return null;
    }
    hosts.toJudge(host, Math.max(0, host.toJudge() - 1));
    return poll(host, queue);
  }

  private PackedUrl poll(HostQueue host, ClassQueue queue) throws IOException {
    boolean fromMemory = queue.pollsMemory();
    PackedUrl url = queue.poll(arena);
    if (fromMemory) {
      arenaLive -= UrlArena.sizeOf(url);
    }
    if (queue.isEmpty()) {
      host.remove(queue);
    }
    count(host, queue.classNumber(), -1);
    return url;
  }

  /** Passes a host's URLs to {@code visitor}, in the order in which they would be taken. */
  public void visit(HostQueue host, UrlVisitor visitor) throws IOException {
    for (ClassQueue queue = host.queues(); queue != null; queue = queue.next()) {
      if (!queue.visit(arena, visitor)) {
        return;
      }
    }
  }

  /** Passes to {@code visitor} a host's URLs that were given back. */
  public void visitReturned(HostQueue host, UrlVisitor visitor) throws IOException {
    for (ClassQueue queue = host.queues(); queue != null; queue = queue.next()) {
      queue.visitReturned(visitor);
    }
  }

  /** Passes to {@code visitor} a host's URLs in memory that were not given back. */
  public void visitMemory(HostQueue host, UrlVisitor visitor) throws IOException {
    for (ClassQueue queue = host.queues(); queue != null; queue = queue.next()) {
      queue.visitMemory(arena, visitor);
    }
  }

  /**
   * Whether memory is full and {@link #spill} must be called. Frees the memory of taken URLs first.
   */
  public boolean mustSpill() {
    if (arena.bytes() < files.memoryBytes()) {
      return false;
    }
    if (arenaLive > files.memoryBytes() / 2) {
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
   * Writes the URLs in memory to a new segment, which is durable when this returns. A checkpoint
   * must follow. Does nothing if no URL is in memory.
   */
  public void spill() throws IOException {
    if (arenaLive == 0) {
      return;
    }
    List<ClassQueue> spilled = new ArrayList<>();
    List<Long> offsets = new ArrayList<>();
    long number = nextNumber++;
    long total;
    try (SegmentWriter writer = SegmentWriter.create(files, number)) {
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
    Segment segment = Segment.open(files, openSegments, number, total);
    segments.add(segment);
    for (int i = 0; i < spilled.size(); i++) {
      spilled.get(i).spilled(segment, offsets.get(i));
    }
    arena = new UrlArena();
    arenaLive = 0;
  }

  /**
   * Installs the result of a merge that has ended, and begins another if one is due.
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
    List<Segment> chosen = MergePolicy.choose(segments, Math.min(MAX_MERGED, files.openFiles()));
    if (!chosen.isEmpty()) {
      merge = SegmentMerge.begin(files, nextNumber++, hosts.all(), chosen);
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
    Closing.all(ended.segments());
  }

  /** The number of segments. */
  public int segmentCount() {
    return segments.size();
  }

  /** The segments, oldest first, as a checkpoint names them. */
  public List<SegmentName> segments() {
    return segments.stream().map(s -> new SegmentName(s.number(), s.total())).toList();
  }

  /** The number of the segment that will be written next. */
  public long nextNumber() {
    return nextNumber;
  }

  /** The files of the segments, including that of a running merge. */
  public List<Path> files() {
    List<Path> paths = new ArrayList<>();
    for (Segment segment : segments) {
      paths.add(Segment.file(files.directory(), segment.number()));
    }
    if (merge != null) {
      paths.add(merge.file());
    }
    return paths;
  }

  /** Restores the segments of a checkpoint. */
  public void restore(List<SegmentName> names, long next) throws IOException {
    nextNumber = next;
    for (SegmentName name : names) {
      segments.add(Segment.open(files, openSegments, name.number(), name.urls()));
    }
  }

  /** The extents of a host's URLs in segments, as a checkpoint stores them. */
  public List<ExtentName> extents(HostQueue host) {
    List<ExtentName> names = new ArrayList<>();
    for (ClassQueue queue = host.queues(); queue != null; queue = queue.next()) {
      for (Extent at = queue.extents(); at != null; at = at.next()) {
        long segment = at.segment().number();
        names.add(new ExtentName(queue.classNumber(), segment, at.offset(), at.skip(), at.count()));
      }
    }
    return names;
  }

  /**
   * Restores an extent of a host's URLs.
   *
   * @throws IllegalStateException if there is no such segment
   */
  public void restore(HostQueue host, ExtentName name) {
    Segment segment =
        segments.stream()
            .filter(s -> s.number() == name.segment())
            .findFirst()
            .orElseThrow(() -> new IllegalStateException("no segment " + name.segment()));
    host.queue(name.classNumber())
        .append(new Extent(segment, name.offset(), name.skip(), name.count()));
    segment.addLive(name.count());
    count(host, name.classNumber(), name.count());
  }

  /** An alternative way of reading an extent. */
  @FunctionalInterface
  public interface ExtentReader {
    /** Passes to the visitor as many URLs as are waiting in the extent. */
    void read(ExtentName extent, UrlVisitor visitor) throws IOException;
  }

  /**
   * Moves a host's URLs from some segments back into memory, together with those that are queued
   * after them, so that their order is kept.
   *
   * @param from accepts the numbers of these segments
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
          new ExtentName(queue.classNumber(), segment, at.offset(), at.skip(), at.count()),
          (_, url) -> {
            queue.append(arena, url);
            arenaLive += UrlArena.sizeOf(url);
            return true;
          });
    }
    behind.forEach(url -> queue.append(arena, url));
  }

  /** Drops segments in which no URL is waiting. */
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
    Closing.all(open);
  }
}
