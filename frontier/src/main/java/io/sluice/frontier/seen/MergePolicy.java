package io.sluice.frontier.seen;

/**
 * Which runs to merge. Pure.
 *
 * <p>Runs are to shrink by a third or more from each to the next younger one. Of 250 million
 * fingerprints in spills of 262,144 there are then at most 6 runs, 3.6 on average, and each
 * fingerprint is written 8 times on its way to the oldest; a ratio of 2 would give 9 runs and 5.6
 * writes, of 4 it would be 5 and 10.3.
 */
final class MergePolicy {

  private static final int RATIO = 3;

  private MergePolicy() {}

  /**
   * The oldest run to merge, together with all younger ones; the number of runs if none is worth
   * it.
   *
   * @param counts the runs' fingerprints, oldest run first
   */
  static int oldestToMerge(long[] counts) {
    if (counts.length < 2) {
      return counts.length;
    }
    int oldest = counts.length - 1;
    long sum = counts[oldest];
    while (oldest > 0 && counts[oldest - 1] < RATIO * sum) {
      oldest--;
      sum += counts[oldest];
    }
    return oldest == counts.length - 1 ? counts.length : oldest;
  }
}
