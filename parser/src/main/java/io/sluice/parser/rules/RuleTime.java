package io.sluice.parser.rules;

import java.util.function.LongSupplier;

/**
 * Limits the time that all rules together may take on one page. It is easy to write a selector
 * whose time grows with the square of the page's size, and that size is up to the page's author.
 * Confined to its worker's thread.
 */
final class RuleTime {

  /**
   * Maximum time per page. Rules take milliseconds on real pages; a worker's watchdog allows
   * minutes.
   */
  static final long MAX_NANOS = 3_000_000_000L;

  private final LongSupplier nanoTime;
  private final long startNanos;

  /**
   * @param nanoTime the time, monotonic
   */
  RuleTime(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    this.startNanos = nanoTime.getAsLong();
  }

  /** Whether the time is used up. */
  boolean isOver() {
    return nanoTime.getAsLong() - startNanos > MAX_NANOS;
  }

  /**
   * Ends an evaluation if the time is used up.
   *
   * @throws OutOfTime if it is
   */
  void check() {
    if (isOver()) {
      throw new OutOfTime();
    }
  }

  /** The page's time is used up; thrown through the library that evaluates an expression. */
  static final class OutOfTime extends RuntimeException {
    private static final long serialVersionUID = 1;

    OutOfTime() {
      super("the rules took too long", null, false, false);
    }
  }
}
