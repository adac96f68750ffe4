package io.sluice.core.lifecycle;

import java.time.Duration;

/**
 * How long to wait before something that failed is tried again: {@code first} after one failure,
 * twice as long after each further one in a row, and never longer than {@code longest}. The caller
 * counts the failures, and starts again at zero after a success. Immutable.
 *
 * @param first the pause after the first failure; not negative
 * @param longest maximum pause; also bounds {@code first}
 */
public record Backoff(Duration first, Duration longest) {

  /** Further doublings would exceed any useful pause. */
  private static final int MAX_DOUBLINGS = 62;

  /**
   * The pause after {@code failures} failures in a row.
   *
   * @param failures zero or more
   * @return zero if there was no failure
   */
  public Duration after(int failures) {
    if (failures == 0) {
      return Duration.ZERO;
    }
    Duration pause = first;
    for (int i = 1; i < failures && i <= MAX_DOUBLINGS && pause.compareTo(longest) < 0; i++) {
      pause = pause.multipliedBy(2);
    }
    return pause.compareTo(longest) < 0 ? pause : longest;
  }
}
