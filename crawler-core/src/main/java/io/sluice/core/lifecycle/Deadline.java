package io.sluice.core.lifecycle;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A point in monotonic time by which something ends. A deadline may be cut short by a signal: then
 * it has passed from that moment on. Immutable.
 *
 * <p>Time comes from the supplier given at construction, {@code System::nanoTime} outside tests.
 */
public final class Deadline {

  private static final int LOOK_MILLIS = 20;
  private static final Duration LOOK = Duration.ofMillis(LOOK_MILLIS);

  private final LongSupplier nanoTime;
  private final long atNanos;

  /** Completes when the deadline is cut short; null where nothing can cut it. */
  private final @Nullable CompletableFuture<?> cut;

  private Deadline(LongSupplier nanoTime, long atNanos, @Nullable CompletableFuture<?> cut) {
    this.nanoTime = nanoTime;
    this.atNanos = atNanos;
    this.cut = cut;
  }

  /** The deadline {@code wait} from now, by the JVM's monotonic clock. */
  public static Deadline in(Duration wait) {
    return in(wait, System::nanoTime);
  }

  /** The deadline {@code wait} from now, by the given monotonic clock. */
  public static Deadline in(Duration wait, LongSupplier nanoTime) {
    return new Deadline(nanoTime, nanoTime.getAsLong() + wait.toNanos(), null);
  }

  /** The same deadline, which besides passes as soon as {@code signal} completes. */
  public Deadline cutBy(CompletableFuture<?> signal) {
    return new Deadline(
        nanoTime, atNanos, cut == null ? signal : CompletableFuture.anyOf(cut, signal));
  }

  /**
   * What is left, never negative. A wait for as long as this does not hear that the deadline is cut
   * short: {@link #await} and {@link #join} do.
   */
  public Duration left() {
    return isCut() ? Duration.ZERO : Duration.ofNanos(Math.max(0, atNanos - nanoTime.getAsLong()));
  }

  /** Whether nothing is left. */
  public boolean passed() {
    return isCut() || atNanos - nanoTime.getAsLong() <= 0;
  }

  /**
   * Waits until {@code event} completes, in whatever way, or the deadline passes; a deadline that
   * is cut short ends the wait at once.
   *
   * @return whether the event has completed
   */
  public boolean await(CompletionStage<?> event) throws InterruptedException {
    CompletableFuture<?> awaited = event.toCompletableFuture();
    CompletableFuture<?> either = cut == null ? awaited : CompletableFuture.anyOf(awaited, cut);
    try {
      either.get(left().toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException | ExecutionException e) {
      return awaited.isDone();
    }
    return awaited.isDone();
  }

  /**
   * Waits for a thread's end, or until the deadline passes; of one that is cut short it hears
   * within {@value #LOOK_MILLIS} ms.
   *
   * @return whether the thread has ended
   */
  public boolean join(Thread thread) throws InterruptedException {
    boolean ended = false;
    do {
      Duration left = left();
      ended = thread.join(cut == null || left.compareTo(LOOK) < 0 ? left : LOOK);
    } while (!ended && !passed());
    return ended;
  }

  private boolean isCut() {
    return cut != null && cut.isDone();
  }
}
