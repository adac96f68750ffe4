package io.sluice.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/**
 * What a stop may take beyond its deadline: a second, or, on a machine on which a second does not
 * get a JVM far, three times what one takes to start and end. Stateless.
 */
final class Patience {

  private static final Duration A_SECOND = Duration.ofSeconds(1);
  private static final Duration A_MINUTE = Duration.ofMinutes(1);

  private Patience() {}

  /** Measures it, once for a class; {@code -Dsluice.stop.beyond-millis} says it instead. */
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
