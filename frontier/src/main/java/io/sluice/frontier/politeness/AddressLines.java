package io.sluice.frontier.politeness;

import io.sluice.core.lease.LeaseId;
import io.sluice.frontier.governor.Governor;
import io.sluice.frontier.governor.Place;
import org.jspecify.annotations.Nullable;

/**
 * The hosts of a shard whose time has come and whose address is not free. The governor has noted
 * the shard once for each of them; the n-th of its calls is for the n-th host in the address's
 * line. Confined to its shard's thread.
 */
final class AddressLines<H extends HostClock> {

  private final Governor governor;
  private final int shard;
  private final HostSchedule<H> schedule;
  private final Lines<Long, H> lines = new Lines<>();

  AddressLines(Governor governor, int shard, HostSchedule<H> schedule) {
    this.governor = governor;
    this.shard = shard;
    this.schedule = schedule;
  }

  /** Whether the host whose turn has come may visit; else it waits in line, or for the pause. */
  boolean free(H host, long nowNanos) {
    if (host.address == 0) {
      return true; // the fetcher will ask when it knows better
    }
    if (!host.placeAtAddress && !getPlace(host)) {
      return false;
    }
    long fromNanos = governor.fromNanos(host.address);
    if (fromNanos - nowNanos <= 0) {
      return true;
    }
    schedule.postpone(fromNanos);
    return false;
  }

  private boolean getPlace(H host) {
    switch (governor.ask(shard, host.address)) {
      case Place.Yours _ -> host.placeAtAddress = true;
      case Place.InLine _ -> {
        schedule.leaveForLine();
        lines.joinLast(host.address, host);
      }
      case Place.AskAgain(long atNanos) -> schedule.postpone(atNanos);
    }
    return host.placeAtAddress;
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

  /** The first of a line that can come then; those before it wait for their own time. */
  private @Nullable H nextOf(long address, long fromNanos, long nowNanos) {
    for (H host = lines.poll(address); host != null; host = lines.poll(address)) {
      if (schedule.mayTake(host) && schedule.rested(host, fromNanos)) {
        return host;
      }
      schedule.comeBack(host, nowNanos);
    }
    return null;
  }

  /** A visit that was kept for the host is not made. */
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
    long next = governor.end(lease);
    boolean waits = host.placeAtAddress || host.standing == HostClock.Standing.IN_LINE;
    if (next != 0 && !waits) {
      host.address = next;
    }
  }
}
