package io.sluice.frontier.shard;

import io.sluice.frontier.EndReason;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Finds out that the crawl is over. Alive is each URL that is queued or out, each page that is to
 * be visited again, and each batch of offers on its way to a shard: when nothing is, nothing can
 * come any more. Thread-safe: counts are atomic, the future is completed once.
 */
public final class CrawlEnd {

  private final AtomicLong alive = new AtomicLong();
  private final CompletableFuture<EndReason> finished = new CompletableFuture<>();
  private final Credit credit;
  private final @Nullable Duration maxTime;
  private final LongSupplier nanoTime;
  private volatile boolean started;
  private volatile long endNanos;

  /**
   * @param maxTime how long the crawl may last from {@link #start} on; null for no limit
   */
  public CrawlEnd(Credit credit, @Nullable Duration maxTime, LongSupplier nanoTime) {
    this.credit = credit;
    this.maxTime = maxTime;
    this.nanoTime = nanoTime;
  }

  /** Completes with the reason, or exceptionally when a shard failed. */
  public CompletionStage<EndReason> finished() {
    return finished.minimalCompletionStage();
  }

  /** From now on the crawl may end. */
  public void start() {
    if (maxTime != null) {
      endNanos = nanoTime.getAsLong() + maxTime.toNanos();
    }
    started = true;
    check();
  }

  /** So many more are alive. */
  public void add(long count) {
    alive.addAndGet(count);
  }

  /** One that was alive is not any more; its credit, if any, was released before. */
  void subtract() {
    alive.decrementAndGet();
    check();
  }

  /** Ends the crawl if it is over; leases may be out only if the reason is that none are left. */
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

  /** Until {@code crawl.max-time} passes; {@link Long#MAX_VALUE} if it never does, or did. */
  long untilTimeIsUp() {
    return maxTime == null || !started || timeIsUp()
        ? Long.MAX_VALUE
        : Math.max(0, endNanos - nanoTime.getAsLong());
  }

  /** Ends the crawl from outside, unless it had ended. */
  public void stop() {
    end(EndReason.STOPPED);
  }

  /** A shard failed. */
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
