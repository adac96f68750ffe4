package io.sluice.core.lifecycle;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * A point in monotonic time by which something ends. Immutable.
 *
 * <p>Time comes from the supplier given at construction, {@code System::nanoTime} outside tests.
 */
public final class Deadline {

  private final LongSupplier nanoTime;
  private final long atNanos;

  private Deadline(LongSupplier nanoTime, long atNanos) {
    this.nanoTime = nanoTime;
    this.atNanos = atNanos;
  }

  /** The deadline {@code wait} from now, by the JVM's monotonic clock. */
  public static Deadline in(Duration wait) {
    return in(wait, System::nanoTime);
  }

  /** The deadline {@code wait} from now, by the given monotonic clock. */
  public static Deadline in(Duration wait, LongSupplier nanoTime) {
    return new Deadline(nanoTime, nanoTime.getAsLong() + wait.toNanos());
  }

  /** What is left, never negative. */
  public Duration left() {
    return Duration.ofNanos(Math.max(0, atNanos - nanoTime.getAsLong()));
  }

  /** Whether nothing is left. */
  public boolean passed() {
    return atNanos - nanoTime.getAsLong() <= 0;
  }
}
