package io.sluice.launcher.supervise;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** Counts the open file descriptors of processes, on Linux. Stateless. */
final class Descriptors {

  private Descriptors() {}

  /**
   * Returns the number of a process's open descriptors; 0 if it has ended or the system does not
   * report it.
   */
  static long of(long pid) {
    try (Stream<Path> open = Files.list(Path.of("/proc", Long.toString(pid), "fd"))) {
      return open.count();
    } catch (IOException e) {
      return 0;
    }
  }
}
