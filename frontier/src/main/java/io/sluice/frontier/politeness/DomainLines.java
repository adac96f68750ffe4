package io.sluice.frontier.politeness;

/**
 * The hosts whose time has come and whose registered domain is not free. A domain calls the first
 * of its line as soon as it has a visit for it, and keeps that visit until the host comes. Confined
 * to its shard's thread.
 */
final class DomainLines<H extends HostClock> {

  private final DomainClocks clocks;
  private final HostSchedule<H> schedule;
  private final Lines<DomainClock, H> lines = new Lines<>();

  DomainLines(DomainClocks clocks, HostSchedule<H> schedule) {
    this.clocks = clocks;
    this.schedule = schedule;
  }

  /** Whether the host whose turn has come may visit; else it waits in line, or for the pause. */
  boolean free(H host, long nowNanos) {
    DomainClock domain = clock(host, nowNanos);
    boolean next = lines.isEmpty(domain) && domain.hasRoom(clocks.connections());
    if (!host.calledByDomain && !next) {
      schedule.leaveForLine();
      join(domain, host);
      return false;
    }
    if (domain.notBeforeNanos() - nowNanos <= 0) {
      return true;
    }
    call(domain, host);
    schedule.postpone(domain.notBeforeNanos());
    return false;
  }

  private void join(DomainClock domain, H host) {
    if (host.placeAtAddress) {
      lines.joinFirst(domain, host);
    } else {
      lines.joinLast(domain, host);
    }
  }

  private void call(DomainClock domain, H host) {
    if (!host.calledByDomain) {
      domain.call();
      host.calledByDomain = true;
    }
  }

  /** A host that was called does not come; the next is called. */
  void giveUp(H host, long nowNanos) {
    if (host.calledByDomain) {
      DomainClock domain = clock(host, nowNanos);
      uncall(domain, host);
      callNext(domain, nowNanos);
    }
  }

  private void uncall(DomainClock domain, H host) {
    if (host.calledByDomain) {
      domain.uncall();
      host.calledByDomain = false;
    }
  }

  void begin(H host, long nowNanos) {
    DomainClock domain = clock(host, nowNanos);
    uncall(domain, host);
    domain.begin();
  }

  void end(H host, boolean asked, long nowNanos) {
    DomainClock domain = clock(host, nowNanos);
    domain.end();
    if (asked) {
      domain.holdOff(nowNanos + clocks.delayNanos());
    }
    callNext(domain, nowNanos);
  }

  /** No domain is visited before one delay has passed. */
  void recover(long nowNanos) {
    clocks.open(nowNanos + clocks.delayNanos());
  }

  private void callNext(DomainClock domain, long nowNanos) {
    long fromNanos = HostSchedule.later(nowNanos, domain.notBeforeNanos());
    while (domain.hasRoom(clocks.connections())) {
      H host = lines.poll(domain);
      if (host == null) {
        return;
      }
      if (schedule.mayTake(host) && schedule.rested(host, fromNanos)) {
        call(domain, host);
        schedule.scheduleAt(host, fromNanos);
      } else {
        schedule.comeBack(host, nowNanos);
      }
    }
  }

  private DomainClock clock(H host, long nowNanos) {
    DomainClock known = host.domain;
    if (known == null) {
      known = clocks.of(host.name(), nowNanos);
      host.domain = known;
    }
    return known;
  }
}
