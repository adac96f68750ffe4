package io.sluice.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/**
 * How much longer than its deadline a stop may take: a second or, on a slow machine, three times as
 * long as a JVM takes to start and end. Stateless.
 */
final class Patience {

  private static final Duration A_SECOND = Duration.ofSeconds(1);
  private static final Duration A_MINUTE = Duration.ofMinutes(1);

  private Patience() {}

  /**
   * Measures the time, which should be done once for each test class; {@code
   * -Dsluice.stop.beyond-millis} overrides it.
   */
  static Duration beyondADeadline() {
    Long said = Long.getLong("sluice.stop.beyond-millis");
    if (said != null) {
      return Duration.ofMillis(said);
    }
    Duration measured = startOfAJvm().multipliedBy(3);
    return measured.compareTo(A_SECOND) > 0 ? measured : A_SECOND;
  }

  private static Duration startOfAJvm() {
    try {
      Path output = Files.createTempFile("sluice-version", ".txt");
      long began = System.nanoTime();
      try (SluiceProcess version = SluiceProcess.start(output, Map.of(), "--version")) {
        version.exitWithin(A_MINUTE);
      }
      Duration took = Duration.ofNanos(System.nanoTime() - began);
      Files.delete(output);
      return took;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }
}
