package io.sluice.frontier.shard;

/**
 * Decides when a journal is synced: at the latest one interval after the first event that is not
 * durable; if a caller is waiting, as soon as syncs take at most a fifth of the time. On a fast
 * disk settlements are answered at once, on a slow one in groups. Confined to its shard's thread.
 */
final class SyncClock {

  /** Minimum time between two syncs, as a multiple of the duration of the first. */
  private static final int PAUSE_FACTOR = 4;

  private final long intervalNanos;
  private long earliestNanos;
  private long latestNanos;
  private boolean pending;
  private boolean awaited;

  SyncClock(long intervalNanos, long nowNanos) {
    this.intervalNanos = intervalNanos;
    this.earliestNanos = nowNanos;
  }

  /** Records that there are events that are not durable. */
  void unsynced(long nowNanos) {
    if (!pending) {
      pending = true;
      latestNanos = nowNanos + intervalNanos;
    }
  }

  /** Records that a caller is waiting for the next sync. */
  void await() {
    awaited = true;
  }

  /** The time until a sync is due; {@link Long#MAX_VALUE} if none is needed. */
  long untilDue(long nowNanos) {
    if (!pending) {
      return Long.MAX_VALUE;
    }
    long untilLatest = Math.max(0, latestNanos - nowNanos);
    return awaited ? Math.min(untilLatest, Math.max(0, earliestNanos - nowNanos)) : untilLatest;
  }

  /** A sync was done. */
  void synced(long beganNanos, long endedNanos) {
    pending = false;
    awaited = false;
    earliestNanos = endedNanos + PAUSE_FACTOR * (endedNanos - beganNanos);
  }
}
