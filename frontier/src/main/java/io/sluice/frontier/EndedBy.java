package io.sluice.frontier;

import io.sluice.core.lease.Ending;

/**
 * URLs that ended in one way for one reason. Immutable.
 *
 * @param reason the word in the crawl log
 * @param count number of ends; a URL counts once for each visit that ended it
 * @param example one of them
 */
public record EndedBy(Ending ending, String reason, long count, String example) {

  /**
   * Prefix of the reasons that count by status. Each URL that ended with a response is counted
   * twice: by its reason, and by the class of its status, such as {@code status-4xx}.
   */
  private static final String STATUS = "status-";

  /** The reason for a status's class; 600 to 999 count as 5xx (RFC 9110, section 15). */
  public static String ofStatus(int status) {
    return STATUS + Math.min(status / 100, 5) + "xx";
  }

  /** Whether this counts a class of statuses, such as 4xx, instead of a reason. */
  public boolean countsStatus() {
    return reason.startsWith(STATUS);
  }

  /** The class of statuses that this counts, such as {@code 4xx}. */
  public String hundred() {
    return reason.substring(STATUS.length());
  }

  /** The key by which counts are added up: ending and reason. */
  String word() {
    return ending + " " + reason;
  }

  EndedBy plus(EndedBy other) {
    return new EndedBy(ending, reason, count + other.count, example);
  }
}
