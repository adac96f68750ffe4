package io.sluice.frontier.queue;

import io.sluice.core.lifecycle.Deadline;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Some segments on their way to become one. What waits in them when the merge begins is noted on
 * the shard's thread; another thread copies it to a new segment; what was taken in the meantime is
 * passed over when the shard's thread takes the new segment up. The files that are read never
 * change, so the two threads share nothing else.
 */
final class SegmentMerge {

  /** How long the end of an abandoned merge is waited for; it looks for that at each host. */
  private static final Duration ABANDON_WAIT = Duration.ofSeconds(10);

  /**
   * URLs of one host and class in the segments, oldest first.
   *
   * @param count how many when the merge began
   */
  private record Part(int host, int priority, List<Extent> extents, int count) {}

  private final QueuePlace place;
  private final long number;
  private final List<Segment> segments;
  private final List<Part> parts;
  private final long[] offsets;
  private final CompletableFuture<Long> written = new CompletableFuture<>();
  private volatile boolean running;
  private volatile boolean abandoned;

  private SegmentMerge(QueuePlace place, long number, List<Segment> segments, List<Part> parts) {
    this.place = place;
    this.number = number;
    this.segments = segments;
    this.parts = parts;
    this.offsets = new long[parts.size()];
  }

  /** Begins to merge neighbouring segments, in which URLs of these hosts wait. */
  static SegmentMerge begin(
      QueuePlace place, long number, List<HostQueue> hosts, List<Segment> segments) {
    List<Part> parts = new ArrayList<>();
    for (HostQueue host : hosts) {
      for (ClassQueue queue = host.queues(); queue != null; queue = queue.next()) {
        Part part = part(host, queue, segments);
        if (part.count() > 0) {
          parts.add(part);
        }
      }
    }
    SegmentMerge merge = new SegmentMerge(place, number, segments, parts);
    place.merges().execute(merge::run);
    return merge;
  }

  private static Part part(HostQueue host, ClassQueue queue, List<Segment> segments) {
    List<Extent> extents = List.of();
    int count = 0;
    for (Extent at = queue.extents(); at != null; at = at.next()) {
      if (segments.contains(at.segment())) {
        extents = extents.isEmpty() ? new ArrayList<>(segments.size()) : extents;
        extents.add(at.copy());
        count += at.count();
      }
    }
    return new Part(host.id(), queue.priority(), extents, count);
  }

  /** The segments that are merged, oldest first. */
  List<Segment> segments() {
    return segments;
  }

  /** The file that is written. */
  Path file() {
    return Segment.file(place.directory(), number);
  }

  /** Whether it ended, well or not. */
  boolean isOver() {
    return written.isDone();
  }

  /** Opens the new segment of a merge that is over; the caller closes it. */
  Segment result() throws IOException {
    try {
      return Segment.open(place, number, written.join());
    } catch (RuntimeException e) {
      throw e.getCause() instanceof IOException cause ? cause : new IOException(e);
    }
  }

  /** Lets the hosts' extents point to the new segment. */
  void install(Hosts hosts, Segment merged) {
    for (int i = 0; i < offsets.length; i++) {
      Part part = parts.get(i);
      HostQueue host = hosts.get(part.host());
      for (ClassQueue queue = host.queues(); queue != null; queue = queue.next()) {
        if (queue.priority() == part.priority()) {
          install(queue, merged, offsets[i], part.count());
        }
      }
    }
  }

  private void install(ClassQueue queue, Segment merged, long offset, int countThen) {
    Extent before = null;
    Extent at = queue.extents();
    while (at != null && !segments.contains(at.segment())) {
      before = at;
      at = at.next();
    }
    int left = 0;
    for (; at != null && segments.contains(at.segment()); at = at.next()) {
      left += at.count();
    }
    if (left > 0) {
      Extent extent = new Extent(merged, offset, countThen - left, left);
      merged.addLive(left);
      extent.next(at);
      link(queue, before, extent);
    }
  }

  private static void link(ClassQueue queue, @Nullable Extent before, Extent extent) {
    if (before == null) {
      queue.extents(extent);
    } else {
      before.next(extent);
    }
  }

  /** Ends the merge; the file that it leaves behind is named by no checkpoint. */
  void abandon() {
    abandoned = true;
    if (!running) {
      return;
    }
    try {
      written.get(Deadline.in(ABANDON_WAIT).left().toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException | CancellationException e) {
      // It ended without a result, or ends later: nobody wants the result.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    running = true;
    Map<Segment, Segment> sources = new HashMap<>();
    try {
      refuseIfAbandoned();
      for (Segment segment : segments) {
        sources.put(segment, Segment.openAgain(place, segment));
      }
      long total = write(sources);
      closeAll(sources);
      written.complete(total);
    } catch (Throwable e) { // whatever it is, the shard's thread must learn of it
      closeQuietly(sources, e);
      written.completeExceptionally(e);
    }
  }

  private long write(Map<Segment, Segment> sources) throws IOException {
    try (SegmentWriter writer = SegmentWriter.create(place, number)) {
      for (int i = 0; i < offsets.length; i++) {
        refuseIfAbandoned();
        offsets[i] = write(parts.get(i), sources, writer);
      }
      writer.finish();
      return writer.total();
    }
  }

  private static long write(Part part, Map<Segment, Segment> sources, SegmentWriter writer)
      throws IOException {
    writer.begin(part.host(), part.priority());
    for (Extent extent : part.extents()) {
      Segment source = sources.get(extent.segment());
      if (source == null) {
        throw new IllegalStateException("segment " + extent.segment().number() + " is not merged");
      }
      extent.visit(
          source,
          part.priority(),
          (_, url) -> {
            writer.add(url);
            return true;
          });
    }
    return writer.end();
  }

  private void refuseIfAbandoned() {
    if (abandoned) {
      throw new CancellationException("the shard closes");
    }
  }

  private static void closeAll(Map<Segment, Segment> sources) throws IOException {
    for (Segment source : sources.values()) {
      source.close();
    }
  }

  private static void closeQuietly(Map<Segment, Segment> sources, Throwable why) {
    for (Segment source : sources.values()) {
      try {
        source.close();
      } catch (IOException e) {
        why.addSuppressed(e);
      }
    }
  }
}
