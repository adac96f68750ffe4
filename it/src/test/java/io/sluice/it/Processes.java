package io.sluice.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
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

  /** Sends a signal that Java has no name for: {@code STOP}, {@code CONT}. */
  static void signal(ProcessHandle process, String signal)
      throws IOException, InterruptedException {
    int status =
        new ProcessBuilder("/bin/kill", "-" + signal, Long.toString(process.pid()))
            .inheritIO()
            .start()
            .waitFor();
    assertThat(status).as("kill -%s", signal).isZero();
  }
}
