package io.sluice.frontier.politeness;

import io.sluice.core.lease.LeaseId;
import io.sluice.frontier.governor.Governor;
import io.sluice.frontier.governor.Place;
import org.jspecify.annotations.Nullable;

/**
 * The hosts of a shard whose time has come but whose address is not free. The governor's queue for
 * the address has one entry of this shard for each of these hosts; the n-th call that it makes is
 * for the n-th of them. Confined to its shard's thread.
 */
final class AddressQueues<H extends HostClock> {

  private final Governor governor;
  private final int shard;
  private final HostSchedule<H> schedule;
  private final WaitingHosts<Long, H> waiting = new WaitingHosts<>();

  AddressQueues(Governor governor, int shard, HostSchedule<H> schedule) {
    this.governor = governor;
    this.shard = shard;
    this.schedule = schedule;
  }

  /**
   * Whether a host that is due may be visited; if not, it is queued, or waits until the address's
   * pause is over.
   */
  boolean free(H host, long nowNanos) {
    if (host.address == 0) {
      return true; // the fetcher requests a place later, once the address is known
    }
    if (!host.placeAtAddress && !reservePlace(host)) {
      return false;
    }
    long fromNanos = governor.fromNanos(host.address);
    if (fromNanos - nowNanos <= 0) {
      return true;
    }
    schedule.postpone(host, fromNanos);
    return false;
  }

  private boolean reservePlace(H host) {
    switch (governor.ask(shard, host.address)) {
      case Place.Yours _ -> host.placeAtAddress = true;
      case Place.Queued _ -> {
        schedule.leaveForQueue(host);
        waiting.joinLast(host.address, host);
      }
      case Place.AskAgain(long atNanos) -> schedule.postpone(host, atNanos);
    }
    return host.placeAtAddress;
  }

  /**
   * When the host's last known address may be visited again; not in the future if no address is
   * known or its pause is over.
   */
  long notBeforeNanos(H host, long nowNanos) {
    return host.address == 0 ? nowNanos : governor.notBeforeNanos(host.address);
  }

  /** Brings the hosts that the governor has called onto the schedule. */
  void takeCalls(long nowNanos) {
    for (Governor.Call call : governor.takeCalls(shard)) {
      long fromNanos = HostSchedule.later(nowNanos, call.fromNanos());
      H host = nextOf(call.address(), fromNanos, nowNanos);
      if (host == null) {
        governor.giveUp(call.address());
      } else {
        host.placeAtAddress = true;
        schedule.scheduleAt(host, fromNanos);
      }
    }
  }

  /**
   * The first host in a queue that can be visited at {@code fromNanos}; null if there is none. The
   * hosts before it are rescheduled by their own times.
   */
  private @Nullable H nextOf(long address, long fromNanos, long nowNanos) {
    for (H host = waiting.poll(address); host != null; host = waiting.poll(address)) {
      if (schedule.mayTake(host) && schedule.rested(host, fromNanos)) {
        return host;
      }
      schedule.comeBack(host, nowNanos);
    }
    return null;
  }

  /** Gives up the visit that is reserved for the host, if there is one. */
  void giveUp(H host) {
    if (host.placeAtAddress) {
      host.placeAtAddress = false;
      governor.giveUp(host.address);
    }
  }

  void begin(H host, LeaseId lease) {
    governor.begin(lease, host.placeAtAddress ? host.address : 0);
    host.placeAtAddress = false;
  }

  void end(H host, LeaseId lease) {
    Governor.Over over = governor.end(lease);
    boolean waits = host.placeAtAddress || host.standing == HostClock.Standing.QUEUED;
    if (over.address() != 0 && !waits) {
      host.address = over.address();
      host.placeAtAddress = over.stillReserved();
    } else if (over.stillReserved()) {
      governor.giveUp(over.address());
    }
  }
}
