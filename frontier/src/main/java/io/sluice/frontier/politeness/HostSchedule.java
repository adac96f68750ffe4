package io.sluice.frontier.politeness;

import io.sluice.core.lease.LeaseId;
import io.sluice.core.lease.VisitKind;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * The hosts of a shard that have work and a free connection, by the time at which they may be
 * visited; at equal times the one that has waited longest comes first. The hosts of each
 * {@linkplain VisitKind kind} are kept apart, so that a kind without credit does not hold up the
 * others. A host that is due but whose domain or address is not free waits in a {@linkplain
 * WaitingHosts queue}, and returns to the schedule when it is called. No host needs to poll, and
 * every step is O(log n) in the number of waiting hosts. A host in a queue holds nothing that
 * others need, with one exception: a host that has a place at its address goes to the front of its
 * domain's queue and keeps the place, so that no host alternates between the two queues forever.
 *
 * <p>Times are monotonic nanoseconds. Confined to its shard's thread.
 *
 * @param <H> the type of the hosts
 */
public final class HostSchedule<H extends HostClock> {

  private final Terms terms;
  private final @Nullable DomainQueues<H> domains;
  private final @Nullable AddressQueues<H> addresses;
  private final Map<VisitKind, HostHeap<H>> waiting = new EnumMap<>(VisitKind.class);
  private final Guests guests;
  private long turns;

  /**
   * @param terms the settings of each host
   * @param shard the shard that the hosts are in
   */
  public HostSchedule(Terms terms, int shard) {
    this.terms = terms;
    for (VisitKind kind : VisitKind.values()) {
      waiting.put(kind, new HostHeap<>());
    }
    this.domains = terms.domains() == null ? null : new DomainQueues<>(terms.domains(), this);
    this.addresses =
        terms.governor() == null ? null : new AddressQueues<>(terms.governor(), shard, this);
    this.guests = new Guests(terms, domains);
  }

  /**
   * Schedules a host if it has work and may take another visit. Call this whenever either has
   * changed.
   */
  public void update(H host, long nowNanos) {
    guests.adopt(host);
    if (host.standing == HostClock.Standing.ASIDE && mayTake(host)) {
      scheduleAt(host, fromNanos(host, nowNanos));
    }
  }

  /**
   * When a host's next visit may begin, as far as is known. The pauses of its domain and address
   * count: while credit is scarce, a host with a short pause of its own would otherwise always be
   * ahead of hosts that are waiting for the long pause of the domain they share.
   */
  private long fromNanos(H host, long nowNanos) {
    long from = host.heldOff ? later(host.notBeforeNanos, nowNanos) : nowNanos;
    if (domains != null) {
      from = later(from, domains.clock(host, nowNanos).notBeforeNanos());
    }
    return addresses == null ? from : later(from, addresses.notBeforeNanos(host, nowNanos));
  }

  /** Schedules a host that is not in any queue. */
  void scheduleAt(H host, long atNanos) {
    host.turn = turns++;
    add(host, atNanos);
  }

  private void add(H host, long atNanos) {
    host.standing = HostClock.Standing.SCHEDULED;
    host.scheduledNanos = atNanos;
    host.scheduledKind = host.visitKind();
    heap(host.scheduledKind).add(host);
  }

  /** The number of scheduled hosts of a kind. */
  public int waiting(VisitKind kind) {
    return heap(kind).size();
  }

  private HostHeap<H> heap(VisitKind kind) {
    return Objects.requireNonNull(waiting.get(kind));
  }

  /**
   * Moves a host whose state has changed to the hosts of its new kind. It keeps its time and turn.
   */
  public void stateChanged(H host) {
    if (host.standing == HostClock.Standing.SCHEDULED && host.scheduledKind != host.visitKind()) {
      heap(host.scheduledKind).remove(host);
      add(host, host.scheduledNanos);
    }
  }

  /**
   * The host of one of the given kinds whose turn it is at {@code nowNanos}; null if there is none.
   * The host stays on the schedule.
   */
  public @Nullable H due(long nowNanos, Set<VisitKind> kinds) {
    if (addresses != null) {
      addresses.takeCalls(nowNanos);
    }
    for (H host = first(kinds); host != null; host = first(kinds)) {
      if (host.scheduledNanos - nowNanos > 0) {
        return null;
      }
      if (!mayTake(host) || !rested(host, nowNanos)) {
        // The host has no work left, or another visit ended and postponed the host's time.
        putAside(host, nowNanos);
        update(host, nowNanos);
      } else if (guests.keptUntilNanos(host) - nowNanos > 0) {
        postpone(host, guests.keptUntilNanos(host));
      } else if (domainFree(host, nowNanos) && addressFree(host, nowNanos)) {
        return host;
      }
    }
    return null;
  }

  private @Nullable H first(Set<VisitKind> kinds) {
    H first = null;
    for (VisitKind kind : kinds) {
      H host = heap(kind).peek();
      if (host != null && (first == null || HostHeap.compare(host, first) < 0)) {
        first = host;
      }
    }
    return first;
  }

  private boolean domainFree(H host, long nowNanos) {
    return domains == null || domains.free(host, nowNanos);
  }

  private boolean addressFree(H host, long nowNanos) {
    if (addresses == null || addresses.free(host, nowNanos)) {
      return true;
    }
    if (domains != null) {
      domains.giveUp(host, nowNanos);
    }
    return false;
  }

  /** Takes the host that {@link #due} has just returned off the schedule, for a lease. */
  public void take(H host) {
    heap(host.scheduledKind).remove(host);
    host.standing = HostClock.Standing.ASIDE;
  }

  /**
   * Takes the host that {@link #due} has just returned off the schedule, without a lease, until it
   * is {@linkplain #update updated}.
   */
  public void putAside(H host, long nowNanos) {
    take(host);
    if (domains != null) {
      domains.giveUp(host, nowNanos);
    }
    if (addresses != null) {
      addresses.giveUp(host);
    }
  }

  /** Begins a visit. */
  public void begin(H host, LeaseId lease, long nowNanos) {
    guests.ownTurn(host);
    host.visits++;
    if (domains != null) {
      domains.begin(host, nowNanos);
    }
    if (addresses != null) {
      addresses.begin(host, lease);
    }
  }

  /**
   * Ends a visit.
   *
   * @param pauseNanos how long its host is left alone; negative if no request was sent to it
   */
  public void end(H host, LeaseId lease, long pauseNanos, long nowNanos) {
    host.visits--;
    if (pauseNanos >= 0) {
      holdOff(host, nowNanos + pauseNanos);
    }
    if (domains != null) {
      domains.end(host, pauseNanos >= 0, nowNanos);
    }
    if (addresses != null) {
      addresses.end(host, lease);
    }
    update(host, nowNanos);
    if (addresses != null
        && !mayUsePlace(host, later(nowNanos, addresses.notBeforeNanos(host, nowNanos)))) {
      addresses.giveUp(host);
    }
  }

  /** Whether a host can begin a visit as soon as its address may be visited. */
  private boolean mayUsePlace(H host, long fromNanos) {
    return host.standing != HostClock.Standing.ASIDE && rested(host, fromNanos);
  }

  /**
   * The visits to hosts of this shard by leases on other hosts. When one ends, {@link #guestEnded}
   * must be called.
   */
  public Guests guests() {
    return guests;
  }

  /** Reschedules a host after a guest's visit, since it may now take another visit. */
  public void guestEnded(H host, long nowNanos) {
    update(host, nowNanos);
  }

  /** Leaves a host alone at least until {@code untilNanos}, even if its own pause is shorter. */
  public void leaveAlone(H host, long untilNanos) {
    holdOff(host, untilNanos);
  }

  /**
   * Lets hosts be visited earlier than planned.
   *
   * @param notBefore the new time of each host
   */
  public void moveUp(Set<H> hosts, ToLongFunction<H> notBefore, long nowNanos) {
    for (H host : hosts) {
      host.notBeforeNanos = notBefore.applyAsLong(host);
      host.heldOff = true;
      if (host.standing == HostClock.Standing.SCHEDULED) {
        heap(host.scheduledKind).remove(host);
        add(host, fromNanos(host, nowNanos));
      }
      update(host, nowNanos);
    }
  }

  /**
   * Records that the process was restarted. It is unknown which domains, and which hosts without a
   * queue, were visited just before, so each waits for one delay. Call it before {@link #recover}.
   */
  public void recovered(long nowNanos) {
    guests.recovered(nowNanos);
    if (domains != null) {
      domains.recover(nowNanos);
    }
  }

  /** Adds a host that existed before a restart; it is left alone for {@code pauseNanos}. */
  public void recover(H host, long pauseNanos, long nowNanos) {
    holdOff(host, nowNanos + pauseNanos);
    update(host, nowNanos);
  }

  static void holdOff(HostClock host, long notBeforeNanos) {
    host.notBeforeNanos =
        host.heldOff ? later(host.notBeforeNanos, notBeforeNanos) : notBeforeNanos;
    host.heldOff = true;
  }

  /**
   * The time from {@code nowNanos} until the first host of the given kinds is due, 0 if one is due
   * already; {@link Long#MAX_VALUE} if none is scheduled.
   */
  public long untilNext(long nowNanos, Set<VisitKind> kinds) {
    H host = first(kinds);
    return host == null ? Long.MAX_VALUE : Math.max(0, host.scheduledNanos - nowNanos);
  }

  /** Whether a host has work and may take another visit. */
  boolean mayTake(H host) {
    return host.hasWork() && host.visits < host.visitsAllowed(terms.of(host).connections());
  }

  /** Whether a host's own pause is over; its domain and address may still be busy. */
  boolean rested(H host, long nowNanos) {
    return !host.heldOff || host.notBeforeNanos - nowNanos <= 0;
  }

  /** Moves a host that is due from the schedule to a queue. */
  void leaveForQueue(H host) {
    take(host);
    host.standing = HostClock.Standing.QUEUED;
  }

  /**
   * Makes a host that is due wait until {@code untilNanos}. It keeps its place: a host called later
   * for the same time comes after it.
   */
  void postpone(H host, long untilNanos) {
    take(host);
    add(host, untilNanos);
  }

  /** Returns a host from a queue to the schedule, by its own time. */
  void comeBack(H host, long nowNanos) {
    host.standing = HostClock.Standing.ASIDE;
    if (addresses != null) {
      addresses.giveUp(host);
    }
    update(host, nowNanos);
  }

  static long later(long oneNanos, long otherNanos) {
    return oneNanos - otherNanos >= 0 ? oneNanos : otherNanos;
  }
}
