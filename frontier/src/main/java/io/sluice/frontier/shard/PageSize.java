package io.sluice.frontier.shard;

/**
 * What a page is expected to occupy in Redis, its outcome included: a running mean of what the last
 * few dozen did. Confined to its shard's thread.
 */
final class PageSize {

  private static final double WEIGHT = 1.0 / 32;

  /** A page of a typical site, compressed, and as much again for its outcome. */
  private double mean = 32 << 10;

  /** The expectation, in bytes. */
  long estimate() {
    return Math.round(mean);
  }

  /** A page occupied so many bytes. */
  void observe(long bytes) {
    mean += (bytes - mean) * WEIGHT;
  }
}
