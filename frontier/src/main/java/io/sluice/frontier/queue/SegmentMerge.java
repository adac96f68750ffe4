package io.sluice.frontier.queue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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

  /** How long the end of an abandoned merge is waited for; it looks for that at each URL. */
  private static final int ABANDON_SECONDS = 5;

  private final QueuePlace place;
  private final long number;
  private final List<Segment> segments;
  private final MergeParts parts;
  private final long[] offsets;
  private final CompletableFuture<Long> written = new CompletableFuture<>();
  private volatile boolean running;
  private volatile boolean abandoned;

  private SegmentMerge(QueuePlace place, long number, List<Segment> segments, MergeParts parts) {
    this.place = place;
    this.number = number;
    this.segments = segments;
    this.parts = parts;
    this.offsets = new long[parts.count()];
  }

  /** Begins to merge neighbouring segments, in which URLs of these hosts wait. */
  static SegmentMerge begin(
      QueuePlace place, long number, List<HostQueue> hosts, List<Segment> segments) {
    MergeParts parts = new MergeParts(segments);
    for (HostQueue host : hosts) {
      for (ClassQueue queue = host.queues(); queue != null; queue = queue.next()) {
        parts.add(host.id(), queue);
      }
    }
    SegmentMerge merge = new SegmentMerge(place, number, segments, parts);
    place.merges().execute(merge::run);
    return merge;
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
  Segment result(OpenSegments files) throws IOException {
    try {
      return Segment.open(place, files, number, written.join());
    } catch (RuntimeException e) {
      throw e.getCause() instanceof IOException cause ? cause : new IOException(e);
    }
  }

  /** Lets the hosts' extents point to the new segment. */
  void install(Hosts hosts, Segment merged) {
    for (int i = 0; i < offsets.length; i++) {
      HostQueue host = hosts.get(parts.host(i));
      for (ClassQueue queue = host.queues(); queue != null; queue = queue.next()) {
        if (queue.priority() == parts.priority(i)) {
          install(queue, merged, offsets[i], parts.urls(i));
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
      written.get(ABANDON_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException | CancellationException e) {
      // It ended without a result, or ends later: nobody wants the result.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    running = true;
    List<Segment> sources = new ArrayList<>();
    try {
      refuseIfAbandoned();
      for (Segment segment : segments) {
        sources.add(Segment.openAgain(segment));
      }
      long total = write(sources);
      for (Segment source : sources) {
        source.close();
      }
      written.complete(total);
    } catch (Throwable e) { // whatever it is, the shard's thread must learn of it
      closeQuietly(sources, e);
      written.completeExceptionally(e);
    }
  }

  private long write(List<Segment> sources) throws IOException {
    try (SegmentWriter writer = SegmentWriter.create(place, number)) {
      for (int i = 0; i < offsets.length; i++) {
        writer.begin(parts.host(i), parts.priority(i));
        parts.visit(
            i,
            sources,
            (_, url) -> {
              refuseIfAbandoned();
              writer.add(url);
              return true;
            });
        offsets[i] = writer.end();
      }
      writer.finish();
      return writer.total();
    }
  }

  private void refuseIfAbandoned() {
    if (abandoned) {
      throw new CancellationException("the shard closes");
    }
  }

  private static void closeQuietly(List<Segment> sources, Throwable why) {
    for (Segment source : sources) {
      try {
        source.close();
      } catch (IOException e) {
        why.addSuppressed(e);
      }
    }
  }
}
