package io.sluice.fetcher.http;

/**
 * How much memory bodies may claim. The {@link BodyBudget} and the plan of a process's heap use
 * these figures. A pure policy. Stateless.
 */
public final class BodyClaims {

  /** With {@code auto}, bodies may claim the heap's size divided by this. */
  public static final int AUTO_PART = 4;

  /** Bodies without a claim get, in total, the claimable memory divided by this. */
  public static final int FREE_PART = 8;

  /** Minimum memory of a body without a claim, however many connections there are. */
  public static final long LEAST_FREE_BYTES = 4 << 10;

  /** Maximum memory of a body without a claim, however few connections there are. */
  static final long MOST_FREE_BYTES = 64 << 10;

  /**
   * Copies of a body of unknown length while it grows: the array that it outgrew and the next one,
   * or at the end the last one and the array of the exact length.
   */
  static final int GROWING_COPIES = 2;

  /**
   * Minimum of the largest claim: a robots.txt is read up to 500 KiB, whatever the bound for pages.
   */
  private static final long LEAST_LARGEST_BYTES = 512 << 10;

  private BodyClaims() {}

  /**
   * The largest claim of a single body. A budget needs room for one of them.
   *
   * @param maxBodyBytes where a body is cut
   */
  public static long largest(long maxBodyBytes) {
    return GROWING_COPIES * Math.max(LEAST_LARGEST_BYTES, maxBodyBytes);
  }

  /** The memory that a body may use without a claim, in bytes. */
  static long freeBytes(long maxBytes, int connections) {
    return Math.clamp(maxBytes / FREE_PART / connections, LEAST_FREE_BYTES, MOST_FREE_BYTES);
  }
}
