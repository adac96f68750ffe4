package io.sluice.frontier.queue;

import io.sluice.core.lifecycle.Closing;
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
 * Merges some segments into one. The shard's thread lists the URLs waiting in them when the merge
 * begins; another thread copies these to a new segment; when the shard's thread installs the new
 * segment, it skips the URLs taken in the meantime. The input files never change, so the two
 * threads share nothing else.
 */
final class SegmentMerge {

  /**
   * How long to wait for an abandoned merge to end, in seconds; a merge checks at each URL whether
   * to stop.
   */
  private static final int ABANDON_SECONDS = 5;

  private final QueueFiles files;
  private final long number;
  private final List<Segment> segments;
  private final MergeParts parts;
  private final long[] offsets;
  private final CompletableFuture<Long> written = new CompletableFuture<>();
  private volatile boolean running;
  private volatile boolean abandoned;

  private SegmentMerge(QueueFiles files, long number, List<Segment> segments, MergeParts parts) {
    this.files = files;
    this.number = number;
    this.segments = segments;
    this.parts = parts;
    this.offsets = new long[parts.count()];
  }

  /** Starts merging neighbouring segments, which contain URLs of the given hosts. */
  static SegmentMerge begin(
      QueueFiles files, long number, List<HostQueue> hosts, List<Segment> segments) {
    MergeParts parts = new MergeParts(segments);
    for (HostQueue host : hosts) {
      for (ClassQueue queue = host.queues(); queue != null; queue = queue.next()) {
        parts.add(host.id(), queue);
      }
    }
    SegmentMerge merge = new SegmentMerge(files, number, segments, parts);
    files.merges().execute(merge::run);
    return merge;
  }

  /** The segments that are merged, oldest first. */
  List<Segment> segments() {
    return segments;
  }

  /** The file of the new segment. */
  Path file() {
    return Segment.file(files.directory(), number);
  }

  /** Whether the merge has ended, successfully or not. */
  boolean isOver() {
    return written.isDone();
  }

  /** Opens the new segment of a merge that is over; the caller closes it. */
  Segment result(OpenSegments openSegments) throws IOException {
    try {
      return Segment.open(files, openSegments, number, written.join());
    } catch (RuntimeException e) {
      throw e.getCause() instanceof IOException cause ? cause : new IOException(e);
    }
  }

  /** Makes the hosts' extents point to the new segment. */
  void install(Hosts hosts, Segment merged) {
    for (int i = 0; i < offsets.length; i++) {
      HostQueue host = hosts.get(parts.host(i));
      for (ClassQueue queue = host.queues(); queue != null; queue = queue.next()) {
        if (queue.classNumber() == parts.classNumber(i)) {
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

  /** Ends the merge; its file is left behind, but no checkpoint names it. */
  void abandon() {
    abandoned = true;
    if (!running) {
      return;
    }
    try {
      written.get(ABANDON_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException | CancellationException e) {
      // The merge failed, or will end later; either way its result is not needed.
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
    } catch (Throwable e) { // any failure must reach the shard's thread
      Closing.after(e, sources);
      written.completeExceptionally(e);
    }
  }

  private long write(List<Segment> sources) throws IOException {
    try (SegmentWriter writer = SegmentWriter.create(files, number)) {
      for (int i = 0; i < offsets.length; i++) {
        writer.begin(parts.host(i), parts.classNumber(i));
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
      throw new CancellationException("the shard is closing");
    }
  }
}
