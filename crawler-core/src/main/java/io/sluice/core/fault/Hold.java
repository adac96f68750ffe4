package io.sluice.core.fault;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * What an armed {@link KillPoint} does: it holds the thread that reaches it for the n-th time, once
 * in its directory, however many processes reach it. A held thread ignores interruptions, as a
 * computing one would; the interrupt flag is set again when the thread resumes. It is held for a
 * bounded time, so that a test that is killed leaves no process behind.
 *
 * <p>Thread-safe: arrivals are counted atomically.
 */
final class Hold {

  private static final Duration LONGEST = Duration.ofSeconds(20);
  private static final long LOOK_EVERY_NANOS = 1_000_000;

  private final KillPoint point;
  private final int arrival;
  private final Path reached;
  private final Path go;
  private final Duration longest;
  private final AtomicInteger arrivals = new AtomicInteger();

  /**
   * @param arrival which arrival is held, from 1
   * @param directory where {@code reached} is written and {@code go} is awaited
   * @param longest maximum time that it is held
   */
  Hold(KillPoint point, int arrival, Path directory, Duration longest) {
    this.point = point;
    this.arrival = arrival;
    this.reached = directory.resolve(point + ".reached");
    this.go = directory.resolve(point + ".go");
    this.longest = longest;
  }

  /**
   * Reads {@code POINT:N:DIRECTORY}.
   *
   * @return null if {@code property} is null
   * @throws IllegalArgumentException if it is anything else, since a test that holds nothing would
   *     prove nothing
   */
  static @Nullable Hold parse(@Nullable String property) {
    if (property == null) {
      return null;
    }
    String[] parts = property.split(":", 3);
    if (parts.length < 3) {
      throw new IllegalArgumentException(
          "sluice.kill-point=%s: must be POINT:N:DIRECTORY".formatted(property));
    }
    return new Hold(
        KillPoint.valueOf(parts[0]), Integer.parseInt(parts[1]), Path.of(parts[2]), LONGEST);
  }

  /** Holds the caller if {@code here} is the armed point and this is the arrival to hold. */
  void at(KillPoint here) {
    if (here == point && arrivals.incrementAndGet() == arrival && !Files.exists(reached)) {
      announce();
      awaitGo();
    }
  }

  private void announce() {
    try {
      String pid = Long.toString(ProcessHandle.current().pid());
      Path whole = Files.writeString(reached.resolveSibling(point + "." + pid), pid);
      Files.move(whole, reached, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new UncheckedIOException("a kill point cannot be announced", e);
    }
  }

  private void awaitGo() {
    long began = System.nanoTime();
    boolean interrupted = false;
    while (!Files.exists(go) && System.nanoTime() - began < longest.toNanos()) {
      LockSupport.parkNanos(LOOK_EVERY_NANOS);
      interrupted |= Thread.interrupted();
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
