package io.sluice.core.sentinel;

import io.micrometer.core.instrument.MeterRegistry;
import io.sluice.core.resource.DescriptorCensus;
import io.sluice.core.resource.Ledger;
import io.sluice.core.resource.ResourceKind;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The thread on which a process's sentinel takes its readings, every {@link #LOOK_EVERY}. The code
 * that starts it closes it. Thread-safe: its only state is an executor.
 */
public final class SentinelThread implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(SentinelThread.class);

  /** Four samples a minute, so that the lowest of a minute means something. */
  private static final Duration LOOK_EVERY = Duration.ofSeconds(15);

  private static final Duration ENDS_WITHIN = Duration.ofSeconds(2);

  private final ScheduledExecutorService thread;
  private final Ledger.Entry entry;

  private SentinelThread(ScheduledExecutorService thread, Ledger.Entry entry) {
    this.thread = thread;
    this.entry = entry;
  }

  /**
   * Starts a sentinel of this process.
   *
   * @param census counts descriptors by kind
   * @param ledger names owners; the thread is entered there
   * @param registry where the sentinel's gauges go; borrowed
   */
  public static SentinelThread start(
      DescriptorCensus census, Ledger ledger, MeterRegistry registry) {
    Readings readings = new Readings(census, ledger);
    Sentinel sentinel = new Sentinel(registry, System.nanoTime());
    ScheduledExecutorService thread =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("sentinel").factory());
    long everyMillis = LOOK_EVERY.toMillis();
    var _ =
        thread.scheduleWithFixedDelay(
            () -> look(sentinel, readings), everyMillis, everyMillis, TimeUnit.MILLISECONDS);
    return new SentinelThread(thread, ledger.enter(ResourceKind.THREAD, "core.sentinel"));
  }

  /** A failed look is a defect, but not a reason to stop looking. */
  private static void look(Sentinel sentinel, Readings readings) {
    try {
      long nanos = System.nanoTime();
      sentinel.take(readings.read(nanos), nanos);
    } catch (RuntimeException e) {
      log.error("the sentinel could not take its readings", e);
    }
  }

  /** Ends the thread and waits for it, for at most 2 s. */
  @Override
  public void close() {
    thread.shutdownNow();
    try {
      if (!thread.awaitTermination(ENDS_WITHIN.toMillis(), TimeUnit.MILLISECONDS)) {
        log.warn("the sentinel did not end within {}", ENDS_WITHIN);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    entry.close();
  }
}
