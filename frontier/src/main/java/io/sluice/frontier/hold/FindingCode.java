package io.sluice.frontier.hold;

import io.sluice.core.lease.Finding;

/** Converts findings of failures to numbers in files, and back. Stateless. */
final class FindingCode {

  private FindingCode() {}

  static int of(Finding finding) {
    return switch (finding) {
      case NO_NAME -> 1;
      case DNS_TROUBLE -> 2;
      case DNS_SILENCE -> 3;
      case NO_ROUTE -> 4;
      case NO_CONNECTION -> 5;
      case CONNECTION_REFUSED -> 6;
      case TLS_TROUBLE -> 7;
      case ROBOTS_TROUBLE -> 8;
      case NO_ANSWER -> 9;
      case ERROR_ANSWER -> 10;
      case CUT_SHORT -> 11;
      case NOTHING, GOOD -> throw new IllegalArgumentException(finding + " has no code");
    };
  }

  /**
   * The finding with the given number.
   *
   * @throws IllegalStateException if there is none
   */
  static Finding finding(int code) {
    return switch (code) {
      case 1 -> Finding.NO_NAME;
      case 2 -> Finding.DNS_TROUBLE;
      case 3 -> Finding.DNS_SILENCE;
      case 4 -> Finding.NO_ROUTE;
      case 5 -> Finding.NO_CONNECTION;
      case 6 -> Finding.CONNECTION_REFUSED;
      case 7 -> Finding.TLS_TROUBLE;
      case 8 -> Finding.ROBOTS_TROUBLE;
      case 9 -> Finding.NO_ANSWER;
      case 10 -> Finding.ERROR_ANSWER;
      case 11 -> Finding.CUT_SHORT;
      default -> throw new IllegalStateException("unknown finding code " + code);
    };
  }
}
