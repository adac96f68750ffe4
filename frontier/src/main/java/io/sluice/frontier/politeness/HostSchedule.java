package io.sluice.frontier.politeness;

import io.sluice.core.lease.LeaseId;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * The hosts of a shard that have work and a free connection, by the time at which they may be
 * visited; among those of one time, who has waited longest comes first. A host whose time has come
 * and whose domain or address is not free waits in the {@linkplain Lines line} for that, and comes
 * back when it is called: nobody is asked twice in vain, and every step is O(log n) in the hosts
 * that wait. Who waits in a line keeps nothing from others, with one exception: a host that has a
 * place at its address goes to the front of its domain's line and keeps the place, so that no host
 * is sent to and fro between the two for ever.
 *
 * <p>Times are monotonic nanoseconds. Confined to its shard's thread.
 *
 * @param <H> the hosts
 */
public final class HostSchedule<H extends HostClock> {

  private final Terms terms;
  private final @Nullable DomainLines<H> domains;
  private final @Nullable AddressLines<H> addresses;
  private final PriorityQueue<H> waiting = new PriorityQueue<>(HostSchedule::compare);
  private long turns;

  /**
   * @param terms what holds for each host
   * @param shard the shard that the hosts are in
   */
  public HostSchedule(Terms terms, int shard) {
    this.terms = terms;
    this.domains = terms.domains() == null ? null : new DomainLines<>(terms.domains(), this);
    this.addresses =
        terms.governor() == null ? null : new AddressLines<>(terms.governor(), shard, this);
  }

  /**
   * Schedules a host if it has work and may take another visit; call it whenever either changed.
   */
  public void update(H host, long nowNanos) {
    if (host.standing == HostClock.Standing.ASIDE && mayTake(host)) {
      scheduleAt(host, host.heldOff ? later(host.notBeforeNanos, nowNanos) : nowNanos);
    }
  }

  /** Puts a host that is on no line on the schedule. */
  void scheduleAt(H host, long atNanos) {
    host.turn = turns++;
    add(host, atNanos);
  }

  private void add(H host, long atNanos) {
    host.standing = HostClock.Standing.SCHEDULED;
    host.scheduledNanos = atNanos;
    waiting.add(host);
  }

  /** The host whose turn it is at {@code nowNanos}; null if none's. It stays where it is. */
  public @Nullable H due(long nowNanos) {
    if (addresses != null) {
      addresses.takeCalls(nowNanos);
    }
    for (H host = waiting.peek(); host != null; host = waiting.peek()) {
      if (host.scheduledNanos - nowNanos > 0) {
        return null;
      }
      if (!mayTake(host) || !rested(host, nowNanos)) {
        // Its work went elsewhere, or a visit beside this one ended and put its time off.
        putAside(nowNanos);
        update(host, nowNanos);
      } else if (domainFree(host, nowNanos) && addressFree(host, nowNanos)) {
        return host;
      }
    }
    return null;
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
  public H take() {
    H host = waiting.remove();
    host.standing = HostClock.Standing.ASIDE;
    return host;
  }

  /** Takes that host off the schedule until it is {@linkplain #update updated}, without a lease. */
  public void putAside(long nowNanos) {
    H host = take();
    if (domains != null) {
      domains.giveUp(host, nowNanos);
    }
    if (addresses != null) {
      addresses.giveUp(host);
    }
  }

  /** A visit begins. */
  public void begin(H host, LeaseId lease, long nowNanos) {
    host.visits++;
    if (domains != null) {
      domains.begin(host, nowNanos);
    }
    if (addresses != null) {
      addresses.begin(host, lease);
    }
  }

  /**
   * A visit ended.
   *
   * @param pauseNanos how long its host is left alone; negative if nothing was asked of it
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
  }

  /** Takes up a host that was there before a restart: it, and its domain, wait for one delay. */
  public void recover(H host, long pauseNanos, long nowNanos) {
    holdOff(host, nowNanos + pauseNanos);
    if (domains != null) {
      domains.recover(nowNanos);
    }
    update(host, nowNanos);
  }

  private void holdOff(H host, long notBeforeNanos) {
    host.notBeforeNanos =
        host.heldOff ? later(host.notBeforeNanos, notBeforeNanos) : notBeforeNanos;
    host.heldOff = true;
  }

  /** From {@code nowNanos} until a host's turn may come; {@link Long#MAX_VALUE} if none waits. */
  public long untilNext(long nowNanos) {
    H host = waiting.peek();
    return host == null ? Long.MAX_VALUE : Math.max(0, host.scheduledNanos - nowNanos);
  }

  /** Whether a host has work and may take another visit. */
  boolean mayTake(H host) {
    return host.visits < terms.of(host).connections() && host.hasWork();
  }

  /** Whether a host's own pause is over. */
  boolean rested(H host, long nowNanos) {
    return !host.heldOff || host.notBeforeNanos - nowNanos <= 0;
  }

  /** The host whose turn has come leaves the schedule for a line. */
  void leaveForLine() {
    take().standing = HostClock.Standing.IN_LINE;
  }

  /**
   * The host whose turn has come has to wait until then after all. It keeps its turn: who was
   * called to the same time after it stays behind it.
   */
  void postpone(long untilNanos) {
    add(take(), untilNanos);
  }

  /** Takes a host that was in a line back; it comes again when its own time has come. */
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

  private static int compare(HostClock one, HostClock other) {
    long ahead = one.scheduledNanos - other.scheduledNanos;
    return ahead != 0 ? Long.signum(ahead) : Long.compare(one.turn, other.turn);
  }
}
