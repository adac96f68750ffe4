package io.sluice.frontier;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A Java process with the test's class path. It shares the test's standard error. Closing kills the
 * process. Confined to one thread.
 */
final class ChildJvm implements AutoCloseable {

  private static final long WAIT_SECONDS = 60;

  private final Process process;

  private ChildJvm(Process process) {
    this.process = process;
  }

  /** Starts a class's {@code main}. */
  static ChildJvm start(Class<?> main, String... args) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty(
                    "surefire.test.class.path", System.getProperty("java.class.path")),
                main.getName()));
    command.addAll(List.of(args));
    ProcessBuilder builder = new ProcessBuilder(command);
    return new ChildJvm(builder.redirectError(ProcessBuilder.Redirect.INHERIT).start());
  }

  /** What it prints. */
  InputStream output() {
    return process.getInputStream();
  }

  /** Kills the process as {@code kill -9} does, and waits for it to end. */
  void kill() throws IOException {
    process.toHandle().destroyForcibly();
    exit();
  }

  /** Waits for the process to end, and returns its exit status. */
  int exit() throws IOException {
    try {
      if (process.waitFor(WAIT_SECONDS, TimeUnit.SECONDS)) {
        return process.exitValue();
      }
    } catch (InterruptedException e) {
      throw new InterruptedIOException("interrupted while a child was to end");
    }
    throw new AssertionError("a child still runs after " + WAIT_SECONDS + " s");
  }

  long pid() {
    return process.pid();
  }

  @Override
  public void close() throws IOException {
    kill();
    process.getInputStream().close();
    process.getOutputStream().close();
  }
}
