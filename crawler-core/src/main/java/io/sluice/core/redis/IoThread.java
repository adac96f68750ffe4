package io.sluice.core.redis;

import io.netty.channel.EventLoop;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The thread that the pool's state is confined to, with its clock.
 *
 * <p>Thread-safe: stateless except for the event loop.
 */
final class IoThread {

  private static final Logger log = LoggerFactory.getLogger(IoThread.class);

  private final EventLoop loop;
  private final LongSupplier nanoTime;

  /** Both parameters are borrowed. */
  IoThread(EventLoop loop, LongSupplier nanoTime) {
    this.loop = loop;
    this.nanoTime = nanoTime;
  }

  EventLoop loop() {
    return loop;
  }

  long nanoTime() {
    return nanoTime.getAsLong();
  }

  /** Queues the task to run on the thread; false if the thread has ended. */
  boolean execute(Runnable task) {
    try {
      loop.execute(task);
      return true;
    } catch (RejectedExecutionException e) {
      return false;
    }
  }

  /** Runs the task after {@code nanos}, unless the thread has ended by then. */
  @SuppressWarnings("FutureReturnValueIgnored") // failures are logged here
  void later(Runnable task, long nanos) {
    try {
      loop.schedule(() -> logged(task), nanos, TimeUnit.NANOSECONDS);
    } catch (RejectedExecutionException e) {
      log.debug("the pool has ended", e);
    }
  }

  private static void logged(Runnable task) {
    try {
      task.run();
    } catch (RuntimeException e) {
      log.error("the Redis pool failed", e);
    }
  }
}
