package io.sluice.frontier.politeness;

/**
 * The hosts whose time has come but whose registered domain is not free. A domain calls the first
 * host in its queue as soon as it can be visited, and reserves that visit until the host is leased
 * or gives it up. Confined to its shard's thread.
 */
final class DomainQueues<H extends HostClock> {

  private final DomainClocks clocks;
  private final HostSchedule<H> schedule;
  private final WaitingHosts<DomainClock, H> waiting = new WaitingHosts<>();

  DomainQueues(DomainClocks clocks, HostSchedule<H> schedule) {
    this.clocks = clocks;
    this.schedule = schedule;
  }

  /**
   * Whether a host that is due may be visited; if not, it is queued, or waits until the domain's
   * pause is over.
   */
  boolean free(H host, long nowNanos) {
    DomainClock domain = clock(host, nowNanos);
    boolean next = waiting.isEmpty(domain) && domain.hasRoom(clocks.connections());
    if (!host.calledByDomain && !next) {
      schedule.leaveForQueue(host);
      join(domain, host);
      return false;
    }
    if (domain.notBeforeNanos() - nowNanos <= 0) {
      return true;
    }
    call(domain, host);
    schedule.postpone(host, domain.notBeforeNanos());
    return false;
  }

  private void join(DomainClock domain, H host) {
    if (host.placeAtAddress) {
      waiting.joinFirst(domain, host);
    } else {
      waiting.joinLast(domain, host);
    }
  }

  private void call(DomainClock domain, H host) {
    if (!host.calledByDomain) {
      domain.call();
      host.calledByDomain = true;
    }
  }

  /** Gives up the visit that is reserved for a host, if there is one, and calls the next host. */
  void giveUp(H host, long nowNanos) {
    if (host.calledByDomain) {
      DomainClock domain = clock(host, nowNanos);
      uncall(domain, host);
      callNext(domain, nowNanos);
    }
  }

  private void uncall(DomainClock domain, HostClock host) {
    if (host.calledByDomain) {
      domain.uncall();
      host.calledByDomain = false;
    }
  }

  /** When a guest may visit a host of the domain; {@link Long#MAX_VALUE} if there is no room. */
  long guestFromNanos(HostClock host, long nowNanos) {
    DomainClock domain = clock(host, nowNanos);
    return domain.hasRoom(clocks.connections()) ? domain.notBeforeNanos() : Long.MAX_VALUE;
  }

  void begin(HostClock host, long nowNanos) {
    DomainClock domain = clock(host, nowNanos);
    uncall(domain, host);
    domain.begin();
  }

  void end(HostClock host, boolean asked, long nowNanos) {
    DomainClock domain = clock(host, nowNanos);
    domain.end();
    if (asked) {
      domain.holdOff(nowNanos + clocks.delayNanos());
    }
    callNext(domain, nowNanos);
  }

  /** Records that a host of the domain was sent a request during a visit that continues. */
  void asked(HostClock host, long nowNanos) {
    clock(host, nowNanos).holdOff(nowNanos + clocks.delayNanos());
  }

  /** Leaves every domain alone for one delay. */
  void recover(long nowNanos) {
    clocks.open(nowNanos + clocks.delayNanos());
  }

  private void callNext(DomainClock domain, long nowNanos) {
    long fromNanos = HostSchedule.later(nowNanos, domain.notBeforeNanos());
    while (domain.hasRoom(clocks.connections())) {
      H host = waiting.poll(domain);
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

  DomainClock clock(HostClock host, long nowNanos) {
    DomainClock known = host.domain;
    if (known == null) {
      known = clocks.of(host.name(), nowNanos);
      host.domain = known;
    }
    return known;
  }
}
