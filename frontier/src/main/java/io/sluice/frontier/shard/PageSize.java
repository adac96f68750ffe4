package io.sluice.frontier.shard;

/**
 * What a page is expected to occupy in Redis, its outcome included: a running mean of what the last
 * few dozen did. Confined to its shard's thread.
 */
final class PageSize {

  private static final double WEIGHT = 1.0 / 32;

  /** Before the first page is known: one of a typical site, compressed, and its outcome. */
  private double mean = withOutcome(16 << 10);

  /**
   * What a page and its outcome occupy, the outcome's part reserved until it is journaled: as much
   * again as the page, since the links of a page of many links take as much as the page.
   *
   * @param pageBytes what the page occupies
   */
  static long withOutcome(long pageBytes) {
    return 2 * pageBytes;
  }

  /** The expectation, in bytes. */
  long estimate() {
    return Math.round(mean);
  }

  /** A page and its outcome occupy so many bytes. */
  void observe(long bytes) {
    mean += (bytes - mean) * WEIGHT;
  }
}
