package io.sluice.frontier.seen;

/**
 * Decides which runs to merge. A pure policy.
 *
 * <p>Each run should be at most a third of the next older one. With 250 million fingerprints in
 * spills of 262,144 there are then at most 6 runs, 3.6 on average, and each fingerprint is written
 * 8 times until it reaches the oldest run. A ratio of 2 instead of 3 would give 9 runs and 5.6
 * writes, and a ratio of 4 would give 5 runs and 10.3 writes.
 */
final class MergePolicy {

  private static final int RATIO = 3;

  private MergePolicy() {}

  /**
   * The index of the oldest run to merge with all younger ones; the number of runs if no merge is
   * worthwhile.
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
