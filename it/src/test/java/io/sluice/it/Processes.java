package io.sluice.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.core.ConditionTimeoutException;

/** What the operating system says of processes, and does to them. */
final class Processes {

  private static final Duration POLL = Duration.ofMillis(1);

  private Processes() {}

  /** Whether it runs: a dead child that nobody has buried yet has no program. */
  static boolean runs(ProcessHandle process) {
    return process.isAlive() && process.info().command().isPresent();
  }

  /** Fails when the process outlives the bound. */
  static void awaitEnd(ProcessHandle process, Duration bound) {
    awaitGone(List.of(process), bound);
    assertThat(runs(process)).as("still running after %s", bound).isFalse();
  }

  /** Waits; who is still there then, {@link #alive} tells. */
  static void awaitGone(List<ProcessHandle> processes, Duration bound) {
    try {
      await()
          .atMost(bound)
          .pollInterval(POLL)
          .until(() -> processes.stream().noneMatch(Processes::runs));
    } catch (ConditionTimeoutException e) {
      // The caller looks who it is.
    }
  }

  /** Those that run, each by its id and program. */
  static List<String> alive(List<ProcessHandle> processes) {
    return processes.stream()
        .filter(Processes::runs)
        .map(process -> process.pid() + " " + process.info().command().orElse("?"))
        .toList();
  }

  /** Every process of the machine, but this, whose command line names the path. */
  static List<ProcessHandle> naming(Path path) {
    return ProcessHandle.allProcesses()
        .filter(process -> process.pid() != ProcessHandle.current().pid())
        .filter(process -> process.info().commandLine().orElse("").contains(path.toString()))
        .toList();
  }

  /** SIGSTOP: the process stands still until it is continued. */
  static void pause(long pid) throws IOException, InterruptedException {
    signal("STOP", pid);
  }

  /** SIGCONT. */
  static void goOn(long pid) throws IOException, InterruptedException {
    signal("CONT", pid);
  }

  /** SIGTERM. */
  static void terminate(long pid) throws IOException, InterruptedException {
    signal("TERM", pid);
  }

  /** SIGKILL. */
  static void kill(long pid) throws IOException, InterruptedException {
    signal("KILL", pid);
  }

  private static void signal(String signal, long pid) throws IOException, InterruptedException {
    Process kill =
        new ProcessBuilder("/bin/kill", "-" + signal, Long.toString(pid)).inheritIO().start();
    assertThat(kill.waitFor(10, TimeUnit.SECONDS)).isTrue();
    assertThat(kill.exitValue()).as("kill -%s %s", signal, pid).isZero();
  }
}
