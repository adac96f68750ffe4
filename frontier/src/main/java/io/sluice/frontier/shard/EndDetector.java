package io.sluice.frontier.shard;

import io.sluice.frontier.EndReason;
import io.sluice.frontier.credit.Credit;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Detects that the crawl is over. Each URL that is queued or out, each page that is to be visited
 * again, and each batch of offers, or command to take hosts back, that is on its way to a shard
 * counts as alive. When nothing is alive, no further work can arise. URLs whose host was given up,
 * or that the current settings refuse, are not alive. Thread-safe: the counts are atomic, and the
 * future is completed only once.
 */
public final class EndDetector {

  private final AtomicLong alive = new AtomicLong();
  private final AtomicLong held = new AtomicLong();
  private final CompletableFuture<EndReason> finished = new CompletableFuture<>();
  private final Credit credit;
  private final @Nullable Duration maxTime;
  private final LongSupplier nanoTime;
  private volatile boolean started;
  private volatile long endNanos;

  /**
   * @param maxTime maximum duration of the crawl from {@link #start} on; null for no limit
   */
  public EndDetector(Credit credit, @Nullable Duration maxTime, LongSupplier nanoTime) {
    this.credit = credit;
    this.maxTime = maxTime;
    this.nanoTime = nanoTime;
  }

  /**
   * Returns a stage that completes with the reason for the end, or exceptionally if a shard failed.
   */
  public CompletionStage<EndReason> finished() {
    return finished.minimalCompletionStage();
  }

  /** Lets the crawl end from now on. */
  public void start() {
    if (maxTime != null) {
      endNanos = nanoTime.getAsLong() + maxTime.toNanos();
    }
    started = true;
    check();
  }

  /** Counts {@code count} more URLs, batches or commands as alive. */
  public void add(long count) {
    alive.addAndGet(count);
  }

  /**
   * Counts {@code count} URLs, batches or commands as no longer alive. Their credit, if any, must
   * have been released.
   */
  void subtract(long count) {
    alive.addAndGet(-count);
    check();
  }

  /**
   * Changes the number of URLs that are alive and belong to held hosts, whether they are waiting or
   * being probed.
   */
  void held(long change) {
    held.addAndGet(change);
  }

  /** Whether everything that is alive belongs to held hosts. */
  boolean onlyHeldLeft() {
    long count = held.get();
    return started && count > 0 && count == alive.get();
  }

  /** Ends the crawl if it is over: nothing is alive, or a limit was reached and no lease is out. */
  void check() {
    if (!started || finished.isDone()) {
      return;
    }
    if (alive.get() == 0) {
      end(EndReason.EXHAUSTED);
    } else if (credit.budgetSpent()) {
      credit.shut();
      endWhenHome(EndReason.MAX_PAGES);
    } else if (timeIsUp()) {
      credit.shut();
      endWhenHome(EndReason.MAX_TIME);
    }
  }

  /**
   * The time until {@code crawl.max-time} is over, in nanoseconds; {@link Long#MAX_VALUE} without a
   * limit, before the start, and once the time is up.
   */
  long untilTimeIsUp() {
    return maxTime == null || !started || timeIsUp()
        ? Long.MAX_VALUE
        : Math.max(0, endNanos - nanoTime.getAsLong());
  }

  /** Ends the crawl at an external request, unless it has already ended. */
  public void stop() {
    end(EndReason.STOPPED);
  }

  /** Ends the crawl because a shard failed. */
  public void fail(Throwable failure) {
    credit.shut();
    finished.completeExceptionally(failure);
  }

  private boolean timeIsUp() {
    return maxTime != null && nanoTime.getAsLong() - endNanos >= 0;
  }

  private void endWhenHome(EndReason reason) {
    if (credit.out() == 0) {
      end(reason);
    }
  }

  private void end(EndReason reason) {
    credit.shut();
    finished.complete(reason);
  }
}
