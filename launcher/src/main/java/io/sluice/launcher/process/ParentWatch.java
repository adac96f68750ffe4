package io.sluice.launcher.process;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ReadableByteChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Listens to the supervisor, which holds the other end of this process's standard input. The
 * supervisor writes its {@linkplain Order orders} there, and end of file means that the supervisor
 * has ended. In that case this process is asked to stop, and is killed if it has not stopped within
 * a bound, since no other process is left to kill it.
 *
 * <p>Two daemon threads, both ended by {@link #close}: the last resort must not be delayed by
 * anything that blocks the reading thread, such as writing a log to a disk that hangs. The process
 * closes its watch last, because a JVM that exits waits 300 ms for a thread in the middle of a
 * read.
 */
public final class ParentWatch implements AutoCloseable {

  /** The reason for a stop when the supervisor has ended. */
  public static final String PARENT_GONE = "parent-gone";

  private static final Logger log = LoggerFactory.getLogger(ParentWatch.class);

  private final ReadableByteChannel parent;
  private final StopRequest stop;
  private final Duration bound;
  private final Runnable lastResort;
  private final CountDownLatch gone = new CountDownLatch(1);
  private final CountDownLatch closed = new CountDownLatch(1);

  private ParentWatch(
      ReadableByteChannel parent, StopRequest stop, Duration bound, Runnable lastResort) {
    this.parent = parent;
    this.stop = stop;
    this.bound = bound;
    this.lastResort = lastResort;
  }

  /**
   * Asks {@code stop} to end the process when {@code parent} ends.
   *
   * @param parent the pipe from the supervisor; the watch takes ownership of it
   * @param bound how long the process may take to end after {@code parent} has ended
   * @param lastResort ends the process at once; called if the process is still alive after {@code
   *     bound}
   */
  public static ParentWatch start(
      ReadableByteChannel parent, StopRequest stop, Duration bound, Runnable lastResort) {
    ParentWatch watch = new ParentWatch(parent, stop, bound, lastResort);
    daemon("parent-watch", watch::untilEnd);
    daemon("parent-watch-bound", watch::bound);
    return watch;
  }

  /** Ends both threads; the last resort is not called after this. */
  @Override
  public void close() {
    closed.countDown();
    gone.countDown();
    try {
      parent.close();
    } catch (IOException e) {
      log.debug("the pipe from the supervisor could not be closed", e);
    }
  }

  private static void daemon(String name, Runnable work) {
    Thread.ofPlatform().daemon().name(name).start(work);
  }

  private void untilEnd() {
    // Reads the channel directly, because the JDK's readers block until their buffer is full.
    ByteBuffer bytes = ByteBuffer.allocate(256);
    StringBuilder line = new StringBuilder();
    try {
      while (parent.read(bytes) >= 0) {
        follow(StandardCharsets.UTF_8.decode(bytes.flip()), line);
        bytes.clear();
      }
    } catch (ClosedChannelException e) {
      return; // by us
    } catch (IOException e) {
      log.debug("the pipe from the supervisor broke", e);
    }
    gone.countDown();
    log.warn("the supervisor is gone: stopping");
    stop.ask(PARENT_GONE);
  }

  /**
   * Carries out each order line that {@code text} completes.
   *
   * @param line the unfinished line; updated
   */
  private void follow(CharSequence text, StringBuilder line) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) != '\n') {
        line.append(text.charAt(i));
      } else {
        Order.parse(line.toString())
            .ifPresentOrElse(stop::follow, () -> log.warn("received an unknown order"));
        line.setLength(0);
      }
    }
  }

  private void bound() {
    try {
      gone.await();
      if (closed.await(bound.toNanos(), TimeUnit.NANOSECONDS)) {
        return;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // never happens; the last resort would follow at once
    }
    lastResort.run();
  }
}
