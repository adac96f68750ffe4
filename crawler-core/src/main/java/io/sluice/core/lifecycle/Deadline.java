package io.sluice.core.lifecycle;

import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A point in monotonic time by which something must end. A signal may cut a deadline short, so that
 * it has passed from that moment on. If the process stands still during an {@link #await} or a
 * {@link #join}, the deadline moves by as much ({@link RunningTime}). Thread-safe if its clock is.
 *
 * <p>Time comes from the supplier given at construction, {@code System::nanoTime} outside tests.
 */
public final class Deadline {

  private static final int LOOK_MILLIS = 20;
  private static final Duration LOOK = Duration.ofMillis(LOOK_MILLIS);

  /** How often a wait reads the clock, to notice a standstill. */
  private static final long WATCH_NANOS = Duration.ofMillis(200).toNanos();

  private final RunningTime time;
  private final long atNanos;

  /** Completes when the deadline is cut short; null if it cannot be. */
  private final @Nullable CompletableFuture<?> cut;

  private Deadline(RunningTime time, long atNanos, @Nullable CompletableFuture<?> cut) {
    this.time = time;
    this.atNanos = atNanos;
    this.cut = cut;
  }

  /** The deadline {@code wait} from now, by the JVM's monotonic clock. */
  public static Deadline in(Duration wait) {
    return in(wait, System::nanoTime);
  }

  /** The deadline {@code wait} from now, by the given monotonic clock. */
  public static Deadline in(Duration wait, LongSupplier nanoTime) {
    RunningTime time = new RunningTime(nanoTime);
    return new Deadline(time, time.getAsLong() + wait.toNanos(), null);
  }

  /** The same deadline, or {@code wait} from now if that is sooner. */
  public Deadline within(Duration wait) {
    long sooner = time.getAsLong() + wait.toNanos();
    return sooner - atNanos < 0 ? new Deadline(time, sooner, cut) : this;
  }

  /** The same deadline, which also passes as soon as {@code signal} completes. */
  public Deadline cutBy(CompletableFuture<?> signal) {
    return new Deadline(time, atNanos, cut == null ? signal : CompletableFuture.anyOf(cut, signal));
  }

  /**
   * How much time is left, never negative. Waiting for that long does not notice that the deadline
   * is cut short; {@link #await} and {@link #join} do.
   */
  public Duration left() {
    return isCut() ? Duration.ZERO : Duration.ofNanos(Math.max(0, atNanos - time.getAsLong()));
  }

  /** Whether nothing is left. */
  public boolean passed() {
    return isCut() || atNanos - time.getAsLong() <= 0;
  }

  /**
   * Waits until {@code event} completes, normally or not, or the deadline passes; a deadline that
   * is cut short ends the wait at once.
   *
   * @return whether the event has completed
   */
  public boolean await(CompletionStage<?> event) throws InterruptedException {
    CompletableFuture<?> awaited = event.toCompletableFuture();
    CompletableFuture<?> either = cut == null ? awaited : CompletableFuture.anyOf(awaited, cut);
    time.watch();
    try {
      while (!either.isDone() && !passed()) {
        awaitOnce(either, Math.min(left().toNanos(), WATCH_NANOS));
      }
    } finally {
      time.unwatch();
    }
    return awaited.isDone();
  }

  /**
   * Waits for {@code pause}, or until the deadline passes or is cut short; for polling something
   * that does not announce its changes.
   *
   * @return whether any time is left
   */
  public boolean pause(Duration pause) throws InterruptedException {
    within(pause).await(new CompletableFuture<>());
    return !passed();
  }

  private static void awaitOnce(CompletableFuture<?> event, long nanos)
      throws InterruptedException {
    try {
      event.get(nanos, TimeUnit.NANOSECONDS);
    } catch (TimeoutException | ExecutionException | CancellationException e) {
      return; // the caller checks the event itself
    }
  }

  /**
   * Waits for a thread's end, or until the deadline passes; notices within {@value #LOOK_MILLIS} ms
   * that it is cut short.
   *
   * @return whether the thread has ended
   */
  public boolean join(Thread thread) throws InterruptedException {
    time.watch();
    try {
      boolean ended = false;
      do {
        Duration left = left();
        ended = thread.join(left.compareTo(LOOK) < 0 ? left : LOOK);
      } while (!ended && !passed());
      return ended;
    } finally {
      time.unwatch();
    }
  }

  private boolean isCut() {
    return cut != null && cut.isDone();
  }
}
