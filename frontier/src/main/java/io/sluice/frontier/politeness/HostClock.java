package io.sluice.frontier.politeness;

/**
 * What the {@link HostSchedule} knows of a host: who visits it now and when it may be visited
 * again. Confined to its shard's thread.
 */
public abstract class HostClock {

  /** Visits under way. */
  int visits;

  /** Whether the host was ever visited, or is treated so: then the time below means something. */
  boolean heldOff;

  /** The host is left alone until then (monotonic). */
  long notBeforeNanos;

  /** Whether the schedule holds the host, in the order of the two keys below. */
  boolean scheduled;

  long scheduledNanos;
  long turn;

  /** Whether a URL of the host waits for a lease. */
  protected abstract boolean hasWork();
}
