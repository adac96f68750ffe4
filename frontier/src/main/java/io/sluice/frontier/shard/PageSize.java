package io.sluice.frontier.shard;

/**
 * The expected size of a page in Redis, including its outcome: a running mean over the last few
 * dozen pages. Confined to its shard's thread.
 */
final class PageSize {

  private static final double WEIGHT = 1.0 / 32;

  /**
   * The running mean, in bytes; initially that of a compressed page of a typical site and its
   * outcome.
   */
  private double mean = withOutcome(16 << 10);

  /**
   * The size of a page and its outcome, in bytes. Until the outcome is journaled, as many bytes are
   * reserved for it as the page occupies, since a page's links can be as large as the page.
   *
   * @param pageBytes bytes that the page occupies
   */
  static long withOutcome(long pageBytes) {
    return 2 * pageBytes;
  }

  /** The expected size, in bytes. */
  long estimate() {
    return Math.round(mean);
  }

  /** Records that a page and its outcome occupy {@code bytes} bytes. */
  void observe(long bytes) {
    mean += (bytes - mean) * WEIGHT;
  }
}
