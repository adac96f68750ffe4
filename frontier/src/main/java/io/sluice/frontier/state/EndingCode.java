package io.sluice.frontier.state;

import io.sluice.core.lease.Ending;

/** Converts endings to numbers in files, and back. Thread-safe: stateless. */
final class EndingCode {

  private EndingCode() {}

  static int of(Ending ending) {
    return switch (ending) {
      case PAGE -> 1;
      case REDIRECTED -> 2;
      case ROBOTS_DENIED -> 3;
      case REFUSED -> 4;
      case FAILED -> 5;
      case UNCHANGED -> 6;
    };
  }

  /**
   * The ending with the given number.
   *
   * @throws IllegalStateException if there is none
   */
  static Ending ending(int code) {
    return switch (code) {
      case 1 -> Ending.PAGE;
      case 2 -> Ending.REDIRECTED;
      case 3 -> Ending.ROBOTS_DENIED;
      case 4 -> Ending.REFUSED;
      case 5 -> Ending.FAILED;
      case 6 -> Ending.UNCHANGED;
      default -> throw new IllegalStateException("unknown ending code " + code);
    };
  }
}
