package io.sluice.it;

import io.sluice.core.fault.KillPoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A directory through which a test communicates with the process that is held at an armed kill
 * point.
 */
record KillDir(Path path, KillPoint point, int arrival) {

  /** Creates the directory of one run. */
  static KillDir in(Path dir, KillPoint point, int arrival) throws IOException {
    return new KillDir(Files.createTempDirectory(dir, "kill"), point, arrival);
  }

  /** The JVM options that arm the kill point. */
  List<String> jvmOptions() {
    return List.of("-Dsluice.kill-point=%s:%d:%s".formatted(point, arrival, path));
  }

  boolean reached() {
    return Files.exists(path.resolve(point + ".reached"));
  }

  /** The process that is held at the kill point. */
  ProcessHandle holder() throws IOException {
    long pid = Long.parseLong(Files.readString(path.resolve(point + ".reached")));
    return ProcessHandle.of(pid).orElseThrow(() -> new AssertionError(point + ": it is gone"));
  }

  /** Releases the held thread. */
  void go() throws IOException {
    Files.createFile(path.resolve(point + ".go"));
  }
}
