package io.sluice.frontier.shard;

import java.util.PriorityQueue;

/** When retries may be leased again, by monotonic time. Confined to its shard's thread. */
final class RetryTimers {

  private record Timer(long dueNanos, long sequence) {}

  private final PriorityQueue<Timer> timers =
      new PriorityQueue<>((one, other) -> Long.signum(one.dueNanos() - other.dueNanos()));

  /** Sets the timer of the retry known by that lease. */
  void set(long sequence, long dueNanos) {
    timers.add(new Timer(dueNanos, sequence));
  }

  /** Takes the next retry that is due; 0 if none is. */
  long pollDue(long nowNanos) {
    Timer first = timers.peek();
    if (first == null || first.dueNanos() - nowNanos > 0) {
      return 0;
    }
    return timers.remove().sequence();
  }

  /** From now until a retry is due; {@link Long#MAX_VALUE} if none waits. */
  long untilNext(long nowNanos) {
    Timer first = timers.peek();
    return first == null ? Long.MAX_VALUE : Math.max(0, first.dueNanos() - nowNanos);
  }
}
