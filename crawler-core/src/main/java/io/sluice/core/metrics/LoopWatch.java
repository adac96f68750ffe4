package io.sluice.core.metrics;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.TimeGauge;
import io.sluice.core.resource.Ledger;
import io.sluice.core.resource.ResourceKind;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Measures how long an event loop keeps its work waiting: a timer on it should fire every {@value
 * #PERIOD_MILLIS} ms, and any delay beyond that is a stall. The longest stall of the last minute or
 * two, including one in progress, is the gauge {@code sluice_loop_stall_seconds{loop}}.
 *
 * <p>The timer is confined to the loop; the gauge may be read on any thread.
 */
public final class LoopWatch implements AutoCloseable {

  private static final long PERIOD_MILLIS = 100;
  private static final long PERIOD_NANOS = TimeUnit.MILLISECONDS.toNanos(PERIOD_MILLIS);

  /** Minimum time that a stall is remembered; the maximum is twice as long. */
  private static final long MEMORY_NANOS = Duration.ofMinutes(1).toNanos();

  private final LongSupplier nanoTime;
  private volatile long lastNanos;
  private volatile long longestNanos;
  private volatile long longestBeforeNanos;
  private long rememberedSinceNanos;
  private @Nullable ScheduledFuture<?> timer;
  private Ledger.@Nullable Entry entry;
  private @Nullable Runnable forget;

  /**
   * Creates a watch without a timer of its own: the caller calls {@link #tick}.
   *
   * @param nanoTime monotonic time
   */
  LoopWatch(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    this.lastNanos = nanoTime.getAsLong();
    this.rememberedSinceNanos = lastNanos;
  }

  /**
   * Watches a loop until the watch is closed.
   *
   * @param name the loop's name in the metric
   * @param loop the loop, of one thread; borrowed
   * @param ledger where the timer is entered; borrowed
   * @param registry where the gauge is shown; borrowed
   */
  public static LoopWatch start(
      String name, ScheduledExecutorService loop, Ledger ledger, MeterRegistry registry) {
    LoopWatch watch = new LoopWatch(System::nanoTime);
    Gauge gauge =
        TimeGauge.builder("sluice.loop.stall", watch, TimeUnit.NANOSECONDS, LoopWatch::stallNanos)
            .description("Longest time that work waited for the loop in the last minute or two")
            .tags(Tags.of("loop", name))
            .register(registry);
    watch.forget = () -> registry.remove(gauge);
    watch.entry = ledger.enter(ResourceKind.TIMER, "core.loop-watch");
    watch.timer =
        loop.scheduleWithFixedDelay(
            watch::tick, PERIOD_MILLIS, PERIOD_MILLIS, TimeUnit.MILLISECONDS);
    return watch;
  }

  /** Measures the delay; called each time the timer fires. */
  void tick() {
    long now = nanoTime.getAsLong();
    if (now - rememberedSinceNanos >= MEMORY_NANOS) {
      rememberedSinceNanos = now;
      longestBeforeNanos = longestNanos;
      longestNanos = 0;
    }
    longestNanos = Math.max(longestNanos, now - lastNanos - PERIOD_NANOS);
    lastNanos = now;
  }

  /** The longest stall that is remembered, in nanoseconds. */
  double stallNanos() {
    long ongoing = nanoTime.getAsLong() - lastNanos - PERIOD_NANOS;
    return Math.max(0, Math.max(ongoing, Math.max(longestNanos, longestBeforeNanos)));
  }

  /** Ends the timer and removes the gauge; the loop may have ended before. */
  @Override
  public void close() {
    if (timer != null) {
      try {
        timer.cancel(false);
      } catch (RejectedExecutionException e) {
        timer = null; // it ended together with its loop
      }
    }
    if (entry != null) {
      entry.close();
    }
    if (forget != null) {
      forget.run();
    }
  }
}
