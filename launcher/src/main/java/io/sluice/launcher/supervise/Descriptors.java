package io.sluice.launcher.supervise;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** How many file descriptors processes have open, as Linux tells it. Stateless. */
final class Descriptors {

  private Descriptors() {}

  /** The descriptors of one process; 0 where it is gone or the system does not tell. */
  static long of(long pid) {
    try (Stream<Path> open = Files.list(Path.of("/proc", Long.toString(pid), "fd"))) {
      return open.count();
    } catch (IOException e) {
      return 0;
    }
  }
}
