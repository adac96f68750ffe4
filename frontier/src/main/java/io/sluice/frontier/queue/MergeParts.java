package io.sluice.frontier.queue;

import it.unimi.dsi.fastutil.ints.IntArrayList;
import it.unimi.dsi.fastutil.longs.LongArrayList;
import java.io.IOException;
import java.util.List;

/**
 * A snapshot of the URLs that are waiting in some segments, in the order of hosts and classes. A
 * part is the URLs of one host and class. There may be as many parts as hosts, so they are stored
 * as numbers: 16 bytes a part and 16 an extent. Written by one thread, then read by others.
 */
final class MergeParts {

  private static final int CLASS_BITS = 3;

  private final List<Segment> segments;

  /** The host's number and the class of each part. */
  private final LongArrayList names = new LongArrayList();

  private final IntArrayList urls = new IntArrayList();

  /** The index of each part's first extent in {@link #places} and {@link #counts}. */
  private final IntArrayList firstExtents = new IntArrayList();

  /** Each extent's offset in its segment, and that segment's index among those being merged. */
  private final LongArrayList places = new LongArrayList();

  /** Each extent's number of URLs to skip, and of waiting URLs. */
  private final LongArrayList counts = new LongArrayList();

  /**
   * @param segments the segments to merge, at most 256
   */
  MergeParts(List<Segment> segments) {
    this.segments = segments;
  }

  /** Adds the URLs of a host and class that are waiting in these segments, if any. */
  void add(int host, ClassQueue queue) {
    int first = places.size();
    int waiting = 0;
    for (Extent at = queue.extents(); at != null; at = at.next()) {
      int segment = segments.indexOf(at.segment());
      if (segment >= 0) {
        places.add(at.offset() << 8 | segment);
        counts.add((long) at.skip() << 32 | at.count());
        waiting += at.count();
      }
    }
    if (waiting > 0) {
      names.add((long) host << CLASS_BITS | queue.classNumber());
      urls.add(waiting);
      firstExtents.add(first);
    }
  }

  /** The number of parts. */
  int count() {
    return names.size();
  }

  int host(int part) {
    return (int) (names.getLong(part) >>> CLASS_BITS);
  }

  int classNumber(int part) {
    return (int) names.getLong(part) & (1 << CLASS_BITS) - 1;
  }

  /** URLs of a part. */
  int urls(int part) {
    return urls.getInt(part);
  }

  /**
   * Passes the URLs of a part to {@code visitor}, first to last.
   *
   * @param sources the segments, opened again
   */
  void visit(int part, List<Segment> sources, UrlVisitor visitor) throws IOException {
    int end = part + 1 < count() ? firstExtents.getInt(part + 1) : places.size();
    for (int i = firstExtents.getInt(part); i < end; i++) {
      Segment source = sources.get((int) places.getLong(i) & 0xFF);
      long count = counts.getLong(i);
      new Extent(source, places.getLong(i) >>> 8, (int) (count >>> 32), (int) count)
          .visit(source, classNumber(part), visitor);
    }
  }
}
