package io.sluice.launcher.process;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notices that the supervisor is gone: it holds the other end of this process's standard input and
 * never writes, so an end of file means that it died. Then the process is asked to stop, and ended
 * the hard way if it has not by a bound: nobody is left who would.
 *
 * <p>Two daemon threads that end with the process: a blocked read of standard input cannot be
 * cancelled, and the last resort must not wait for anything that the other one may meet, such as a
 * log on a disk that hangs.
 */
public final class ParentWatch {

  /** Why a process stops when its supervisor died. */
  public static final String PARENT_GONE = "parent-gone";

  private static final Logger log = LoggerFactory.getLogger(ParentWatch.class);

  private final InputStream parent;
  private final StopRequest stop;
  private final Duration bound;
  private final Runnable lastResort;
  private final CountDownLatch gone = new CountDownLatch(1);

  private ParentWatch(InputStream parent, StopRequest stop, Duration bound, Runnable lastResort) {
    this.parent = parent;
    this.stop = stop;
    this.bound = bound;
    this.lastResort = lastResort;
  }

  /**
   * Asks {@code stop} to end the process when {@code parent} ends.
   *
   * @param bound how long the process may take then
   * @param lastResort ends the process at once; called if it still lives at the bound
   */
  public static void start(
      InputStream parent, StopRequest stop, Duration bound, Runnable lastResort) {
    ParentWatch watch = new ParentWatch(parent, stop, bound, lastResort);
    daemon("parent-watch", watch::untilEnd);
    daemon("parent-watch-bound", watch::bound);
  }

  private static void daemon(String name, Runnable work) {
    Thread.ofPlatform().daemon().name(name).start(work);
  }

  private void untilEnd() {
    try {
      parent.transferTo(OutputStream.nullOutputStream());
    } catch (IOException e) {
      log.debug("the pipe from the supervisor broke", e);
    } finally {
      gone.countDown();
    }
    log.warn("the supervisor is gone: stopping");
    stop.ask(PARENT_GONE);
  }

  private void bound() {
    try {
      gone.await();
      TimeUnit.NANOSECONDS.sleep(bound.toNanos());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // Nobody does; if somebody should, the bound still holds.
    }
    lastResort.run();
  }
}
