package io.sluice.core.testing;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.AppenderBase;
import io.netty.buffer.ByteBufAllocator;
import io.netty.util.ResourceLeakDetector;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.LoggerFactory;

/**
 * Listens to what Netty's leak detector logs: buffers and timers that the garbage collector found
 * before their release. Only the newest listener receives them, until it is closed. Thread-safe: a
 * concurrent queue.
 */
final class NettyLeaks implements AutoCloseable {

  private static final Duration GARBAGE_WITHIN = Duration.ofSeconds(10);
  private static final int PROBES = 4;
  private static final long PROBE_EVERY_NANOS = 3_000_000;

  private final Logger logger =
      (Logger) LoggerFactory.getLogger(ResourceLeakDetector.class.getName());
  private final ConcurrentLinkedQueue<String> reports = new ConcurrentLinkedQueue<>();
  private final AppenderBase<ILoggingEvent> listener =
      new AppenderBase<>() {
        @Override
        protected void append(ILoggingEvent event) {
          if (event.getLevel().isGreaterOrEqual(Level.ERROR)) {
            reports.add(event.getFormattedMessage());
          }
        }
      };

  private final List<Appender<ILoggingEvent>> deaf = new ArrayList<>();

  NettyLeaks() {
    logger.iteratorForAppenders().forEachRemaining(deaf::add);
    deaf.forEach(logger::detachAppender);
    listener.start();
    logger.setLevel(Level.ERROR); // regardless of the module's logging
    logger.addAppender(listener);
  }

  /**
   * Returns the reports since the last call; detection lags, since it follows the garbage
   * collector.
   */
  List<String> take() {
    List<String> taken = new ArrayList<>();
    for (String report = reports.poll(); report != null; report = reports.poll()) {
      taken.add(report);
    }
    return taken;
  }

  /** Collects garbage and lets the detector look, so that it reports lost buffers. */
  List<String> search() {
    collectGarbage();
    collectGarbage(); // so everything of the first has been handed out
    for (int probe = 0; probe < PROBES; probe++) {
      LockSupport.parkNanos(PROBE_EVERY_NANOS);
      ByteBufAllocator.DEFAULT.buffer(1).release();
    }
    return take();
  }

  /**
   * Collects garbage and waits until cleared references are enqueued, which takes a while on a busy
   * machine.
   */
  private static void collectGarbage() {
    ReferenceQueue<Object> found = new ReferenceQueue<>();
    WeakReference<Object> garbage = new WeakReference<>(new Object(), found);
    System.gc();
    try {
      if (found.remove(GARBAGE_WITHIN.toMillis()) == null) {
        throw new AssertionError("%s was not collected in time".formatted(garbage));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    logger.detachAppender(listener);
    listener.stop();
    deaf.forEach(logger::addAppender);
  }
}
