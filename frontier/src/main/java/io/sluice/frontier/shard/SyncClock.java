package io.sluice.frontier.shard;

/**
 * When a journal is synced: at the latest an interval after the first event that is not durable; if
 * somebody waits for the sync, as soon as syncs have taken no more than a fifth of the time. On a
 * fast disk settlements are answered at once, on a slow one they come in groups. Confined to its
 * shard's thread.
 */
final class SyncClock {

  /** For each nanosecond spent in a sync this many go by before the next one. */
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

  /** There are events that are not durable. */
  void unsynced(long nowNanos) {
    if (!pending) {
      pending = true;
      latestNanos = nowNanos + intervalNanos;
    }
  }

  /** Somebody waits. */
  void await() {
    awaited = true;
  }

  /** From now until a sync is due; {@link Long#MAX_VALUE} if none is needed. */
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
