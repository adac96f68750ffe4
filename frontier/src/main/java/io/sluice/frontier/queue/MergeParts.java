package io.sluice.frontier.queue;

import it.unimi.dsi.fastutil.ints.IntArrayList;
import it.unimi.dsi.fastutil.longs.LongArrayList;
import java.io.IOException;
import java.util.List;

/**
 * What waits in some segments at one moment, in the order of hosts and classes: a part is what
 * waits of one host and class. There may be as many parts as hosts, so they are kept as numbers: 13
 * bytes a part and 16 an extent. Written by one thread, then read by others.
 */
final class MergeParts {

  private static final int CLASS_BITS = 2;

  private final List<Segment> segments;

  /** The host's number and the class, of each part. */
  private final LongArrayList names = new LongArrayList();

  private final IntArrayList urls = new IntArrayList();

  /** Where the extents of each part begin in the two lists below. */
  private final IntArrayList firstExtents = new IntArrayList();

  /** The place of the segment among those that are merged, and the offset in it. */
  private final LongArrayList places = new LongArrayList();

  /** URLs passed over, and URLs that wait. */
  private final LongArrayList counts = new LongArrayList();

  /**
   * @param segments those that are merged, at most 256
   */
  MergeParts(List<Segment> segments) {
    this.segments = segments;
  }

  /** Adds what waits in the segments of a host and class, if anything does. */
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
      names.add((long) host << CLASS_BITS | queue.priority());
      urls.add(waiting);
      firstExtents.add(first);
    }
  }

  /** How many parts there are. */
  int count() {
    return names.size();
  }

  int host(int part) {
    return (int) (names.getLong(part) >>> CLASS_BITS);
  }

  int priority(int part) {
    return (int) names.getLong(part) & (1 << CLASS_BITS) - 1;
  }

  /** URLs of a part. */
  int urls(int part) {
    return urls.getInt(part);
  }

  /**
   * Shows the URLs of a part, first to last.
   *
   * @param sources the segments, opened again
   */
  void visit(int part, List<Segment> sources, UrlVisitor visitor) throws IOException {
    int end = part + 1 < count() ? firstExtents.getInt(part + 1) : places.size();
    for (int i = firstExtents.getInt(part); i < end; i++) {
      Segment source = sources.get((int) places.getLong(i) & 0xFF);
      long count = counts.getLong(i);
      new Extent(source, places.getLong(i) >>> 8, (int) (count >>> 32), (int) count)
          .visit(source, priority(part), visitor);
    }
  }
}
