package io.sluice.frontier.politeness;

import io.sluice.core.config.HostSettings;
import org.jspecify.annotations.Nullable;

/**
 * What the {@link HostSchedule} knows of a host: who visits it now and when it may be visited
 * again. There may be millions: this part of a host is 67 bytes, its header included. Confined to
 * its shard's thread.
 */
public abstract class HostClock {

  /** Where a host is. */
  enum Standing {
    /** Without work, or with as many visits as it may have. */
    ASIDE,
    /** On the schedule, in the order of the two keys below. */
    SCHEDULED,
    /** In the line of its domain or its address, which will call it. */
    IN_LINE
  }

  Standing standing = Standing.ASIDE;
  long scheduledNanos;
  long turn;

  /** Visits under way. */
  int visits;

  /** Troubled visits in a row. */
  private int troubles;

  /** Whether the host was ever visited, or is treated so: then the time below means something. */
  boolean heldOff;

  /** The host is left alone until then (monotonic). */
  long notBeforeNanos;

  /** What holds for the host, shared with others; null until the schedule meets it. */
  @Nullable HostSettings settings;

  /** The clock of the host's registered domain; null where domains are not limited. */
  @Nullable DomainClock domain;

  /** Whether the domain keeps a visit for the host, which was first in its line. */
  boolean calledByDomain;

  /** Whether the governor keeps a visit to the address below for the host. */
  boolean placeAtAddress;

  /** The address that is asked for before the next visit; 0 while none is known. */
  long address;

  /** Takes note of a visit; returns how many in a row were troubled, it included. */
  public int troubles(boolean troubled) {
    troubles = troubled ? troubles + 1 : 0;
    return troubles;
  }

  /** The host's name, as {@code Url.host()} gives it. */
  public abstract String name();

  /** Whether a URL of the host waits for a lease. */
  protected abstract boolean hasWork();
}
