package io.sluice.core.sentinel;

/** The trend's verdict on one kind. */
sealed interface Verdict {

  /**
   * The kind grows steadily, by more than noise.
   *
   * @param perHour growth an hour
   * @param minutes the length of the window
   * @param stayed whether only entries that have stayed were judged, rather than everything
   */
  record Climbing(double perHour, int minutes, boolean stayed) implements Verdict {}

  /** The kind does not grow in any window. */
  record Level() implements Verdict {}

  /** There are too few points to judge by. */
  record Unknown() implements Verdict {}
}
