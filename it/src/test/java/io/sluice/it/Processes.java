package io.sluice.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.core.ConditionTimeoutException;

/** Queries and controls processes of the operating system. */
final class Processes {

  private static final Duration POLL = Duration.ofMillis(1);

  private Processes() {}

  /** Whether the process is running; a zombie, which no longer has a program, does not count. */
  static boolean runs(ProcessHandle process) {
    return process.isAlive() && process.info().command().isPresent();
  }

  /** Waits for the end of the process; fails if it takes longer than the bound. */
  static void awaitEnd(ProcessHandle process, Duration bound) {
    awaitGone(List.of(process), bound);
    assertThat(runs(process)).as("still running after %s", bound).isFalse();
  }

  /**
   * Waits until the processes have ended, or for {@code bound}; {@link #alive} then reports those
   * that are left.
   */
  static void awaitGone(List<ProcessHandle> processes, Duration bound) {
    try {
      await()
          .atMost(bound)
          .pollInterval(POLL)
          .until(() -> processes.stream().noneMatch(Processes::runs));
    } catch (ConditionTimeoutException e) {
      // The caller checks which processes are left.
    }
  }

  /** Returns the running processes, each as its id and program. */
  static List<String> alive(List<ProcessHandle> processes) {
    return processes.stream()
        .filter(Processes::runs)
        .map(process -> process.pid() + " " + process.info().command().orElse("?"))
        .toList();
  }

  /** Returns every other process of the machine whose command line contains the path. */
  static List<ProcessHandle> naming(Path path) {
    return ProcessHandle.allProcesses()
        .filter(process -> process.pid() != ProcessHandle.current().pid())
        .filter(process -> process.info().commandLine().orElse("").contains(path.toString()))
        .toList();
  }

  /**
   * Suspends a process with SIGSTOP. One of its threads takes the signal, and the others keep
   * running until that thread gets a processor, so this waits until all of them have stopped.
   */
  static void pause(long pid) throws IOException, InterruptedException {
    signal("STOP", pid);
    await().atMost(Duration.ofSeconds(30)).pollInterval(POLL).until(() -> standsStill(pid));
  }

  /** Whether every thread is stopped (T in proc(5)); true for a process that has ended, too. */
  private static boolean standsStill(long pid) {
    Path tasks = Path.of("/proc", Long.toString(pid), "task");
    try (DirectoryStream<Path> threads = Files.newDirectoryStream(tasks)) {
      for (Path thread : threads) {
        String stat = Files.readString(thread.resolve("stat"));
        char state = stat.charAt(stat.lastIndexOf(')') + 2); // the name may contain ')'
        if (state != 'T' && state != 'Z') {
          return false;
        }
      }
      return true;
    } catch (IOException e) { // a thread, or the process, has just ended
      return !Files.exists(tasks);
    }
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

  /** Sends a signal, which is named without its prefix SIG. */
  static void signal(String signal, long pid) throws IOException, InterruptedException {
    run("/bin/kill", "-" + signal, Long.toString(pid));
  }

  /** Sends a signal to every process of the group that {@code leader} leads. */
  static void signalGroup(String signal, long leader) throws IOException, InterruptedException {
    run("/bin/kill", "-" + signal, "--", "-" + leader);
  }

  /** Runs a system command, which must succeed. */
  static void run(String... command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).inheritIO().start();
    assertThat(process.waitFor(10, TimeUnit.SECONDS)).as(List.of(command).toString()).isTrue();
    assertThat(process.exitValue()).as(List.of(command).toString()).isZero();
  }
}
