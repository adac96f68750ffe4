package io.sluice.frontier.politeness;

import io.sluice.core.lease.LeaseId;
import io.sluice.core.lease.VisitKind;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Visits to hosts of a shard by leases on other hosts: a robots.txt may redirect anywhere. They
 * obey the clocks of the host and its domain like any visit. A host without URLs has no queue and
 * is known only here, until its delay is over.
 *
 * <p>A guest that asks too early is given a time to ask again, each a later one than the guest
 * before it. The host's own URLs wait a moment longer for the first guest, and take precedence
 * after a guest, so that neither starves the other.
 *
 * <p>Times are monotonic nanoseconds. Confined to its shard's thread.
 */
public final class Guests {

  /**
   * Maximum number of hosts known here; if none of them can be forgotten, guests of other hosts
   * have to ask again.
   */
  static final int MAX_HOSTS = 1 << 16;

  /** How long the visit that is reserved for a guest is kept for it. */
  static final long KEPT_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** Minimum interval between the times given to guests of a host without a delay. */
  private static final long LEAST_GAP_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  /** Maximum wait that is given to a guest, unless the host itself is left alone for longer. */
  private static final long LONGEST_GAP_NANOS = TimeUnit.MINUTES.toNanos(10);

  /** A host without a queue. */
  private static final class Stranger extends HostClock {
    private final String name;

    Stranger(String name) {
      this.name = name;
    }

    @Override
    public String name() {
      return name;
    }

    @Override
    protected VisitKind visitKind() {
      return VisitKind.FIRST; // any value: it is never on the schedule
    }

    @Override
    protected boolean hasWork() {
      return false;
    }

    @Override
    protected int visitsAllowed(int connections) {
      return connections;
    }
  }

  /** A host that has, or recently had, guests. */
  private static final class Visited {
    HostClock clock;

    /** Number of guests that are visiting it. */
    int guests;

    /** The latest time that was given to a guest to ask again. */
    long nextNanos;

    /** The host's next free time, if it was given to a guest. */
    long soonNanos;

    /** The host's own visits wait until this time. */
    long keptUntilNanos;

    /** Whether a guest made the last visit. */
    boolean guestWasLast;

    Visited(HostClock clock, long nowNanos) {
      this.clock = clock;
      this.nextNanos = nowNanos;
      this.soonNanos = nowNanos;
      this.keptUntilNanos = nowNanos;
    }

    boolean idle(long nowNanos) {
      return guests == 0
          && nextNanos - nowNanos <= 0
          && keptUntilNanos - nowNanos <= 0
          && (!clock.heldOff || clock.notBeforeNanos - nowNanos <= 0);
    }
  }

  private final Terms terms;
  private final @Nullable DomainQueues<?> domains;
  private final Map<String, Visited> hosts = new LinkedHashMap<>();

  /**
   * For each lease, the other host that it visits, and whether it is a guest of that host's domain,
   * too.
   */
  private final Map<LeaseId, Visit> visits = new HashMap<>();

  private @Nullable Long recoveredNanos;

  private record Visit(String host, boolean ofDomain, long sinceNanos) {}

  Guests(Terms terms, @Nullable DomainQueues<?> domains) {
    this.terms = terms;
    this.domains = domains;
  }

  /**
   * Begins a lease's visit to another host, if that may be visited now; {@link #end} ends the
   * visit.
   *
   * @param name the host's name
   * @param queue the host's clock; null if it has no URLs in this shard
   * @param own the lease's host, if that is in this shard; a visit to its domain counts as the
   *     lease's own
   * @return how long to wait before asking again, in nanoseconds; 0 if the visit begins
   */
  public long begin(
      LeaseId lease,
      String name,
      @Nullable HostClock queue,
      @Nullable HostClock own,
      long nowNanos) {
    if (visits.containsKey(lease)) {
      return LEAST_GAP_NANOS; // one at a time
    }
    Visited host = visited(name, queue, nowNanos);
    if (host == null) {
      return KEPT_NANOS;
    }
    HostClock clock = host.clock;
    boolean ofDomain = domains != null && !sameDomain(clock, own, nowNanos);
    long from = clock.heldOff ? HostSchedule.later(clock.notBeforeNanos, nowNanos) : nowNanos;
    boolean room = clock.visits < clock.visitsAllowed(terms.of(clock).connections());
    if (domains != null && ofDomain) {
      long domainFrom = domains.guestFromNanos(clock, nowNanos);
      room &= domainFrom != Long.MAX_VALUE;
      from = domainFrom == Long.MAX_VALUE ? from : HostSchedule.later(from, domainFrom);
    }
    boolean ownFirst = host.guestWasLast && clock.hasWork();
    if (!room || ownFirst || from - nowNanos > 0) {
      return comeAgain(host, from, ownFirst, nowNanos);
    }
    host.guests++;
    host.guestWasLast = true;
    host.keptUntilNanos = nowNanos;
    clock.visits++;
    visits.put(lease, new Visit(name, ofDomain, nowNanos));
    if (domains != null && ofDomain) {
      domains.begin(clock, nowNanos);
    }
    return 0;
  }

  private long comeAgain(Visited host, long fromNanos, boolean ownFirst, long nowNanos) {
    long gap = Math.max(LEAST_GAP_NANOS, terms.of(host.clock).delay().toNanos());
    if (!ownFirst && host.keptUntilNanos - nowNanos <= 0) {
      host.keptUntilNanos = fromNanos + KEPT_NANOS;
    }
    boolean known = fromNanos - nowNanos > 0; // otherwise it depends on when visits end
    long first = known ? fromNanos : nowNanos + gap;
    long at = first;
    if (known && host.soonNanos != first) {
      host.soonNanos = first;
    } else {
      at = HostSchedule.later(first, host.nextNanos + gap);
      at = at - first > LONGEST_GAP_NANOS ? first + LONGEST_GAP_NANOS : at;
    }
    host.nextNanos = HostSchedule.later(host.nextNanos, at);
    return at - nowNanos;
  }

  private boolean sameDomain(HostClock clock, @Nullable HostClock own, long nowNanos) {
    return domains != null
        && own != null
        && domains.clock(own, nowNanos) == domains.clock(clock, nowNanos);
  }

  /**
   * Ends a guest's visit.
   *
   * @param pauseNanos how long the host is left alone; negative if no request was sent to it
   * @return how long the visit took, in milliseconds; 0 if there was none
   */
  public long end(LeaseId lease, long pauseNanos, long nowNanos) {
    Visit visit = visits.remove(lease);
    Visited host = visit == null ? null : hosts.get(visit.host());
    if (visit == null || host == null) {
      return 0;
    }
    host.guests--;
    host.clock.visits--;
    if (pauseNanos >= 0) {
      HostSchedule.holdOff(host.clock, nowNanos + pauseNanos);
    }
    if (domains != null && visit.ofDomain()) {
      domains.end(host.clock, pauseNanos >= 0, nowNanos);
    } else if (domains != null && pauseNanos >= 0) {
      domains.asked(host.clock, nowNanos); // the lease's own visit may end without a request
    }
    return TimeUnit.NANOSECONDS.toMillis(nowNanos - visit.sinceNanos());
  }

  /** Adds a host without a queue that is to be left alone until {@code untilNanos}. */
  public void leaveAlone(String name, long untilNanos, long nowNanos) {
    Visited host = visited(name, null, nowNanos);
    if (host != null) {
      HostSchedule.holdOff(host.clock, untilNanos);
    }
  }

  /** The clock of the host that a lease visits as a guest; null if there is none. */
  public @Nullable HostClock visitedBy(LeaseId lease) {
    Visit visit = visits.get(lease);
    Visited host = visit == null ? null : hosts.get(visit.host());
    return host == null ? null : host.clock;
  }

  private @Nullable Visited visited(String name, @Nullable HostClock queue, long nowNanos) {
    Visited known = hosts.get(name);
    if (known != null) {
      return known;
    }
    forgetIdle(nowNanos);
    if (hosts.size() >= MAX_HOSTS) {
      return null;
    }
    HostClock clock = queue == null ? new Stranger(name) : queue;
    if (queue == null && recoveredNanos != null) {
      // A guest may have visited the host just before the restart, which no file records.
      HostSchedule.holdOff(clock, recoveredNanos + terms.of(clock).delay().toNanos());
    }
    Visited host = new Visited(clock, nowNanos);
    hosts.put(name, host);
    return host;
  }

  /** Forgets the oldest hosts that can be forgotten without loss, at most two at a time. */
  private void forgetIdle(long nowNanos) {
    Iterator<Visited> eldest = hosts.values().iterator();
    for (int i = 0; i < 2 && eldest.hasNext(); i++) {
      if (!eldest.next().idle(nowNanos)) {
        return;
      }
      eldest.remove();
    }
  }

  /** Takes over the clock of a host that guests have visited, since it now has URLs. */
  void adopt(HostClock host) {
    Visited known = hosts.isEmpty() ? null : hosts.get(host.name());
    if (known == null && recoveredNanos != null && !host.heldOff) {
      // Guests may have visited it before the restart.
      HostSchedule.holdOff(host, recoveredNanos + terms.of(host).delay().toNanos());
    }
    if (known == null || known.clock.equals(host)) {
      return;
    }
    host.visits += known.clock.visits;
    host.domain = known.clock.domain;
    if (known.clock.heldOff) {
      HostSchedule.holdOff(host, known.clock.notBeforeNanos);
    }
    known.clock = host;
  }

  /**
   * Until when the visits of a host that is due wait for a guest; not in the future if they do not.
   */
  long keptUntilNanos(HostClock host) {
    Visited known = hosts.isEmpty() ? null : hosts.get(host.name());
    return known == null ? host.scheduledNanos : known.keptUntilNanos;
  }

  /** Records that a visit for one of the host's own URLs begins. */
  void ownTurn(HostClock host) {
    Visited known = hosts.isEmpty() ? null : hosts.get(host.name());
    if (known != null) {
      known.guestWasLast = false;
    }
  }

  /** Records that the process was restarted at {@code nowNanos}. */
  void recovered(long nowNanos) {
    recoveredNanos = nowNanos;
  }
}
