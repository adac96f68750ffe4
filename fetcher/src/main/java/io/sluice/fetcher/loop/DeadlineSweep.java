package io.sluice.fetcher.loop;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import io.sluice.core.lifecycle.RunningTime;
import io.sluice.core.resource.Ledger;
import io.sluice.core.resource.ResourceKind;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the deadlines of one event loop. A single timer checks all of them; a timer for each would
 * cost two system calls per request. A deadline expires at most {@link #TICK_MILLIS} late. The
 * timer runs only while something is watched.
 *
 * <p>Deadlines are in {@linkplain RunningTime running time}, the same for all loops, so they are
 * postponed while the process is suspended. A late sweep shows that its loop was held up; it
 * expires nothing and leaves expired deadlines to the next sweep, so that the loop can first read
 * the bytes that have arrived.
 *
 * <p>Confined to its event loop.
 */
public final class DeadlineSweep {
  /** Maximum delay in noticing an expired deadline, in milliseconds. */
  public static final long TICK_MILLIS = 50;

  /** A sweep later than this shows that the loop was held up. */
  private static final long LATE_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

  private final EventLoop loop;
  private final Ledger ledger;
  private final RunningTime time;
  private final Set<Timed> watched = new LinkedHashSet<>();
  private @Nullable ScheduledFuture<?> timer;
  private Ledger.@Nullable Entry entry;
  private long dueNanos;
  private boolean late;

  /**
   * Creates a sweep of the given loop.
   *
   * @param time the clock of the deadlines, which the sweep keeps running while it watches items;
   *     shared with other sweeps
   * @param ledger records the timer while it runs; borrowed
   */
  DeadlineSweep(EventLoop loop, RunningTime time, Ledger ledger) {
    this.loop = loop;
    this.time = time;
    this.ledger = ledger;
  }

  /** The time on the deadlines' clock, in nanoseconds. Thread-safe. */
  public long nanoTime() {
    return time.getAsLong();
  }

  /** Watches an item until it expires or is released. */
  public void watch(Timed timed) {
    watched.add(timed);
    if (timer == null) {
      if (entry == null) {
        entry = ledger.enter(ResourceKind.TIMER, "fetcher.sweep");
      }
      schedule();
    }
  }

  private void schedule() {
    dueNanos = nanoTime() + TimeUnit.MILLISECONDS.toNanos(TICK_MILLIS);
    timer = loop.schedule(this::sweep, TICK_MILLIS, TimeUnit.MILLISECONDS);
  }

  /** Stops watching an item, if it is watched. */
  public void letGo(Timed timed) {
    watched.remove(timed);
  }

  /** Drops all items without expiring them. */
  public void stop() {
    watched.clear();
    if (timer != null) {
      timer.cancel(false);
      timer = null;
    }
    rest();
  }

  /** Records that the loop and its timer have ended. Called by the code that ended the loop. */
  void loopEnded() {
    rest();
  }

  private void rest() {
    if (entry != null) {
      entry.close();
      entry = null;
    }
  }

  private void sweep() {
    timer = null;
    long now = nanoTime();
    late = !late && now - dueNanos > LATE_NANOS;
    if (!late) {
      expire(now);
    }
    if (!watched.isEmpty() && timer == null) {
      schedule();
    } else if (timer == null) {
      rest();
    }
  }

  private void expire(long now) {
    for (Timed timed : watched.toArray(new Timed[0])) {
      if (timed.deadlineNanos() - now <= 0 && watched.contains(timed)) {
        timed.expire();
      }
    }
  }

  /** Something with a deadline. Compared by identity. */
  public interface Timed {
    /**
     * The item's deadline, by {@link DeadlineSweep#nanoTime}; may move while the item is watched.
     */
    long deadlineNanos();

    /**
     * Called when the deadline has passed. An item that is still watched afterwards expires again.
     */
    void expire();
  }
}
