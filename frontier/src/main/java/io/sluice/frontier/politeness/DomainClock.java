package io.sluice.frontier.politeness;

/**
 * Who visits the hosts of a registered domain now and when one of them may be visited again. All of
 * its hosts are in one shard. Confined to its shard's thread.
 */
final class DomainClock {

  /** Visits under way. */
  private int visits;

  /** Visits kept for hosts that were called. */
  private int called;

  private long notBeforeNanos;

  DomainClock(long notBeforeNanos) {
    this.notBeforeNanos = notBeforeNanos;
  }

  /** Whether so many visits at a time leave room for another one, now or later. */
  boolean hasRoom(int connections) {
    return visits + called < connections;
  }

  long notBeforeNanos() {
    return notBeforeNanos;
  }

  /** Keeps a visit for a host. */
  void call() {
    called++;
  }

  /** A host gives up, or uses, what was kept for it. */
  void uncall() {
    called--;
  }

  void begin() {
    visits++;
  }

  void end() {
    visits--;
  }

  /** Leaves the domain alone until then, unless it is left alone for longer anyway. */
  void holdOff(long untilNanos) {
    if (untilNanos - notBeforeNanos > 0) {
      notBeforeNanos = untilNanos;
    }
  }
}
