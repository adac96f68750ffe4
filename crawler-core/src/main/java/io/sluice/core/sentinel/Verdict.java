package io.sluice.core.sentinel;

/** What the trend says of one kind. */
sealed interface Verdict {

  /**
   * It grows steadily, beyond noise.
   *
   * @param perHour by how much an hour
   * @param minutes the length of what was looked at
   * @param stayed whether what has stayed was looked at, rather than all there is
   */
  record Climbing(double perHour, int minutes, boolean stayed) implements Verdict {}

  /** It does not, in any window. */
  record Level() implements Verdict {}

  /** There is too little to judge by. */
  record Unknown() implements Verdict {}
}
