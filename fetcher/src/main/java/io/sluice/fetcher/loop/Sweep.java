package io.sluice.fetcher.loop;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import io.sluice.core.resource.Ledger;
import io.sluice.core.resource.ResourceKind;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the deadlines of one event loop: one timer looks at everything that waits, instead of a
 * timer for each, which would cost two system calls a request. A deadline expires at most {@link
 * #TICK_MILLIS} late. The timer rests while nothing waits.
 *
 * <p>Confined to its event loop.
 */
public final class Sweep {
  /** How late a deadline may be noticed, in milliseconds. */
  public static final long TICK_MILLIS = 50;

  private final EventLoop loop;
  private final Ledger ledger;
  private final Set<Timed> watched = new LinkedHashSet<>();
  private @Nullable ScheduledFuture<?> timer;
  private Ledger.@Nullable Entry entry;

  /**
   * A sweep of the given loop, whose clock is {@link System#nanoTime}.
   *
   * @param ledger where the timer is entered while it runs; borrowed
   */
  public Sweep(EventLoop loop, Ledger ledger) {
    this.loop = loop;
    this.ledger = ledger;
  }

  /** Watches something until it expires or is let go. */
  public void watch(Timed timed) {
    watched.add(timed);
    if (timer == null) {
      if (entry == null) {
        entry = ledger.enter(ResourceKind.TIMER, "fetcher.sweep");
      }
      timer = loop.schedule(this::sweep, TICK_MILLIS, TimeUnit.MILLISECONDS);
    }
  }

  /** Stops watching something; it need not be watched. */
  public void letGo(Timed timed) {
    watched.remove(timed);
  }

  /** Drops everything that is watched, without expiring it. */
  public void stop() {
    watched.clear();
    if (timer != null) {
      timer.cancel(false);
      timer = null;
    }
    rest();
  }

  /** The loop has ended, and the timer with it. To be called by whoever ended the loop. */
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
    long now = System.nanoTime();
    for (Timed timed : watched.toArray(new Timed[0])) {
      if (timed.deadlineNanos() - now <= 0 && watched.contains(timed)) {
        timed.expire();
      }
    }
    if (!watched.isEmpty() && timer == null) {
      timer = loop.schedule(this::sweep, TICK_MILLIS, TimeUnit.MILLISECONDS);
    } else if (timer == null) {
      rest();
    }
  }

  /** Something that may not last. Compared by identity. */
  public interface Timed {
    /** When it ends, by {@link System#nanoTime}; may move while it is watched. */
    long deadlineNanos();

    /** The deadline has passed. Whoever is still watched afterwards expires again. */
    void expire();
  }
}
