package io.sluice.frontier.queue;

import java.util.List;

/**
 * Which segments are merged: neighbours, since a host's URLs must stay in order. One of which more
 * than half was taken is written anew; when there are many, those four neighbours that hold least
 * become one. Stateless.
 */
final class MergePolicy {

  /** With more segments than this, some are merged. */
  static final int MANY = 5;

  /** So many become one. */
  static final int WIDTH = 4;

  /** URLs that a merge writes at most: what is larger waits until much of it is taken. */
  private static final long LARGEST = 16_000_000;

  private MergePolicy() {}

  /** The segments to merge now, oldest first; empty if none are. */
  static List<Segment> choose(List<Segment> segments) {
    for (Segment segment : segments) {
      if (segment.live() < segment.total() / 2 && segment.live() <= LARGEST) {
        return List.of(segment);
      }
    }
    return segments.size() <= MANY ? List.of() : leastNeighbours(segments);
  }

  private static List<Segment> leastNeighbours(List<Segment> segments) {
    List<Segment> best = List.of();
    long least = LARGEST + 1;
    for (int first = 0; first + WIDTH <= segments.size(); first++) {
      List<Segment> neighbours = segments.subList(first, first + WIDTH);
      long live = neighbours.stream().mapToLong(Segment::live).sum();
      if (live < least) {
        least = live;
        best = neighbours;
      }
    }
    return List.copyOf(best);
  }
}
