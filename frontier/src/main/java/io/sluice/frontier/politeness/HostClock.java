package io.sluice.frontier.politeness;

import io.sluice.core.config.HostSettings;
import io.sluice.core.lease.VisitKind;
import org.jspecify.annotations.Nullable;

/**
 * The {@link HostSchedule}'s view of a host: how many visits are in progress, and when it may be
 * visited again. There may be millions of hosts; this part of each takes 71 bytes, including the
 * object header. Confined to its shard's thread.
 */
public abstract class HostClock {

  /** Where a host is. */
  enum Standing {
    /** Without work, or with as many visits in progress as it may have. */
    ASIDE,
    /** On the schedule, in the order of the two keys below. */
    SCHEDULED,
    /** In the queue of its domain or its address, which will call it. */
    QUEUED
  }

  Standing standing = Standing.ASIDE;
  long scheduledNanos;
  long turn;

  /**
   * The kind whose heap holds the host while it is scheduled, and the host's index in that heap.
   */
  VisitKind scheduledKind = VisitKind.FIRST;

  int heapIndex;

  /** Visits in progress. */
  int visits;

  /**
   * Whether the host was ever visited, or is treated as if it had been; only then is {@link
   * #notBeforeNanos} valid.
   */
  boolean heldOff;

  /** The time until which the host is left alone (monotonic). */
  long notBeforeNanos;

  /** The host's settings, shared with other hosts; null until the schedule first needs them. */
  @Nullable HostSettings settings;

  /** The clock of the host's registered domain; null if domains are not limited. */
  @Nullable DomainClock domain;

  /** Whether the domain has reserved a visit for the host, which was first in its queue. */
  boolean calledByDomain;

  /** Whether the governor has reserved a visit at {@link #address} for the host. */
  boolean placeAtAddress;

  /** The address to ask for before the next visit; 0 while none is known. */
  long address;

  /** The host's name, as {@code Url.host()} gives it. */
  public abstract String name();

  /** The kind of the host's next visit. */
  protected abstract VisitKind visitKind();

  /** Whether a URL of the host is waiting for a lease. */
  protected abstract boolean hasWork();

  /**
   * How many concurrent visits the host may have in its current state.
   *
   * @param connections how many it may have when healthy
   */
  protected abstract int visitsAllowed(int connections);

  /** When the host's next visit may begin (monotonic), if it is on the schedule. */
  public long scheduledNanos() {
    return scheduledNanos;
  }
}
