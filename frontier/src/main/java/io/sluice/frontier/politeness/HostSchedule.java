package io.sluice.frontier.politeness;

import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * The hosts of a shard that have work and a free connection, by the time at which they may be
 * visited; among those of one time, who has waited longest comes first. Every step is O(log n) in
 * the hosts that wait. Times are monotonic nanoseconds. Confined to its shard's thread.
 *
 * @param <H> the hosts
 */
public final class HostSchedule<H extends HostClock> {

  private final int connectionsPerHost;
  private final PriorityQueue<H> waiting = new PriorityQueue<>(HostSchedule::compare);
  private long turns;

  /**
   * @param connectionsPerHost visits to one host at a time
   */
  public HostSchedule(int connectionsPerHost) {
    this.connectionsPerHost = connectionsPerHost;
  }

  /**
   * Schedules a host if it has work and may take another visit; call it whenever either changed.
   */
  public void update(H host, long nowNanos) {
    if (!host.scheduled && mayTake(host)) {
      host.scheduled = true;
      host.scheduledNanos = host.heldOff ? later(host.notBeforeNanos, nowNanos) : nowNanos;
      host.turn = turns++;
      waiting.add(host);
    }
  }

  /** The host whose turn it is at {@code nowNanos}; null if none's. It stays where it is. */
  public @Nullable H due(long nowNanos) {
    for (H host = waiting.peek(); host != null; host = waiting.peek()) {
      if (host.scheduledNanos - nowNanos > 0) {
        return null;
      }
      if (mayTake(host) && (!host.heldOff || host.notBeforeNanos - nowNanos <= 0)) {
        return host;
      }
      // Its work went elsewhere, or a visit beside this one ended and put its time off.
      update(take(), nowNanos);
    }
    return null;
  }

  /** Takes the host that {@link #due} has just returned off the schedule. */
  public H take() {
    H host = waiting.remove();
    host.scheduled = false;
    return host;
  }

  /** A visit begins. */
  public void begin(H host) {
    host.visits++;
  }

  /** A visit ended. */
  public void end(H host, long nowNanos) {
    host.visits--;
    update(host, nowNanos);
  }

  /** Leaves a host alone until then, unless it is left alone for longer anyway. */
  public void holdOff(H host, long notBeforeNanos) {
    host.notBeforeNanos =
        host.heldOff ? later(host.notBeforeNanos, notBeforeNanos) : notBeforeNanos;
    host.heldOff = true;
  }

  /** From {@code nowNanos} until a host's turn may come; {@link Long#MAX_VALUE} if none waits. */
  public long untilNext(long nowNanos) {
    H host = waiting.peek();
    return host == null ? Long.MAX_VALUE : Math.max(0, host.scheduledNanos - nowNanos);
  }

  private boolean mayTake(H host) {
    return host.visits < connectionsPerHost && host.hasWork();
  }

  private static long later(long oneNanos, long otherNanos) {
    return oneNanos - otherNanos >= 0 ? oneNanos : otherNanos;
  }

  private static int compare(HostClock one, HostClock other) {
    long ahead = one.scheduledNanos - other.scheduledNanos;
    return ahead != 0 ? Long.signum(ahead) : Long.compare(one.turn, other.turn);
  }
}
