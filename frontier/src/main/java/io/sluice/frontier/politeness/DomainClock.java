package io.sluice.frontier.politeness;

/**
 * How many visits to the hosts of a registered domain are in progress, and when one of these hosts
 * may be visited again. All of its hosts are in one shard. Confined to its shard's thread.
 */
final class DomainClock {

  /** Visits in progress. */
  private int visits;

  /** Visits reserved for hosts that were called. */
  private int called;

  private long notBeforeNanos;

  DomainClock(long notBeforeNanos) {
    this.notBeforeNanos = notBeforeNanos;
  }

  /** Whether another visit may be reserved, if {@code connections} may be in progress at a time. */
  boolean hasRoom(int connections) {
    return visits + called < connections;
  }

  long notBeforeNanos() {
    return notBeforeNanos;
  }

  /** Reserves a visit for a host. */
  void call() {
    called++;
  }

  /** Records that a host uses, or gives up, the visit reserved for it. */
  void uncall() {
    called--;
  }

  void begin() {
    visits++;
  }

  void end() {
    visits--;
  }

  /**
   * Leaves the domain alone until {@code untilNanos}, unless it is already left alone for longer.
   */
  void holdOff(long untilNanos) {
    if (untilNanos - notBeforeNanos > 0) {
      notBeforeNanos = untilNanos;
    }
  }
}
