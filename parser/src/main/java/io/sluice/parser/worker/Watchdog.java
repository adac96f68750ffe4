package io.sluice.parser.worker;

import io.sluice.core.resource.Ledger;
import io.sluice.core.resource.ResourceKind;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches how long the current pages take. A thread cannot be stopped from outside, so a page that
 * takes far too long ends the process; the supervisor starts another, and a page that causes this
 * repeatedly is given up because of its strikes. A standstill of the whole process does not count:
 * the watches use a {@link io.sluice.core.lifecycle.RunningTime}, which the watchdog reads twice a
 * second. Owns its thread. Thread-safe.
 */
final class Watchdog implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(Watchdog.class);
  private static final long CHECK_MILLIS = 500;

  private final List<PageWatch> watches;
  private final long limitNanos;
  private final Runnable lastResort;
  private final CountDownLatch stop = new CountDownLatch(1);
  private final Thread thread;
  private final Ledger.Entry entry;

  private Watchdog(List<PageWatch> watches, Duration limit, Ledger ledger, Runnable lastResort) {
    this.watches = List.copyOf(watches);
    this.limitNanos = limit.toNanos();
    this.lastResort = lastResort;
    this.entry = ledger.enter(ResourceKind.THREAD, "parser.watchdog");
    this.thread = Thread.ofPlatform().daemon().name("parser-watchdog").unstarted(this::watch);
  }

  static Watchdog start(
      List<PageWatch> watches, Duration limit, Ledger ledger, Runnable lastResort) {
    Watchdog watchdog = new Watchdog(watches, limit, ledger, lastResort);
    watchdog.thread.start();
    return watchdog;
  }

  private void watch() {
    try {
      while (!stop.await(CHECK_MILLIS, TimeUnit.MILLISECONDS)) {
        for (PageWatch watch : watches) {
          if (watch.overdue(limitNanos)) {
            log.error("a worker is hanging on {}: ending the process to get rid of it", watch);
            lastResort.run();
            return;
          }
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    stop.countDown();
    try {
      thread.join(TimeUnit.SECONDS.toMillis(1));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    entry.close();
  }
}
