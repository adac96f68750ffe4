package io.sluice.frontier.queue;

import java.util.List;

/**
 * Chooses the segments to merge: neighbours, since a host's URLs must stay in order. A segment of
 * which more than half has been taken is rewritten. Otherwise a segment is merged with all younger
 * ones unless it holds at least three times as many URLs as these together. This keeps segments
 * few, and a URL is written at most about eight times. Stateless.
 */
final class MergePolicy {

  private static final int RATIO = 3;

  /**
   * Maximum number of URLs that a merge writes; larger segments are merged only after enough of
   * their URLs have been taken.
   */
  private static final long LARGEST = 64_000_000;

  private MergePolicy() {}

  /**
   * The segments to merge now, oldest first; empty for none.
   *
   * @param most maximum number of segments, at least 2; each needs a descriptor during the merge
   */
  static List<Segment> choose(List<Segment> segments, int most) {
    for (Segment segment : segments) {
      if (segment.live() < segment.total() / 2 && segment.live() <= LARGEST) {
        return List.of(segment);
      }
    }
    return segments.size() < 2 ? List.of() : youngest(segments, most);
  }

  private static List<Segment> youngest(List<Segment> segments, int most) {
    int oldest = segments.size() - 1;
    long sum = segments.get(oldest).live();
    while (oldest > 0
        && segments.size() - oldest < most
        && isSmall(segments.get(oldest - 1).live(), sum)) {
      oldest--;
      sum += segments.get(oldest).live();
    }
    return oldest == segments.size() - 1
        ? List.of()
        : List.copyOf(segments.subList(oldest, segments.size()));
  }

  private static boolean isSmall(long live, long youngerLive) {
    return live < RATIO * youngerLive && live + youngerLive <= LARGEST;
  }
}
