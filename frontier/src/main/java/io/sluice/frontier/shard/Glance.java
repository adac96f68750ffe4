package io.sluice.frontier.shard;

import io.sluice.frontier.HeldHosts;
import io.sluice.frontier.hold.HostState.Kind;
import io.sluice.frontier.state.ShardState;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;

/**
 * Figures of a shard that take time to compute; they are at most a second old. Confined to its
 * shard's thread.
 */
final class Glance {

  private static final long EVERY_NANOS = TimeUnit.SECONDS.toNanos(1);

  private HeldHosts held = HeldHosts.NONE;
  private int backingOff;
  private Duration oldestLease = Duration.ZERO;
  private long lookedAtNanos;

  /**
   * Computes the figures if they are at least a second old, or if hosts are held and none was
   * before.
   *
   * @param nowNanos the turn's time (monotonic)
   * @param at the same time by the wall clock
   */
  void look(ShardState state, LiveLeases leases, Holds holds, long nowNanos, Instant at) {
    boolean anyHeld = state.tally().count(Kind.HELD) > 0;
    boolean firstHeld = anyHeld && held.count() == 0;
    if (!anyHeld) {
      held = HeldHosts.NONE;
    }
    if (firstHeld || nowNanos - lookedAtNanos >= EVERY_NANOS) {
      held = anyHeld ? holds.summary(nowNanos) : HeldHosts.NONE;
      backingOff = state.resting().count(at);
      oldestLease = Duration.ofNanos(leases.longestInPlaceNanos(nowNanos));
      lookedAtNanos = nowNanos;
    }
  }

  HeldHosts held() {
    return held;
  }

  /** Number of hosts that are left alone for longer than their delay. */
  int backingOff() {
    return backingOff;
  }

  /** How long the least recently changed lease has been at its stage; zero without leases. */
  Duration oldestLease() {
    return oldestLease;
  }
}
