package io.sluice.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** Sends signals that Java cannot, with the system's own {@code kill}, and sees what they did. */
final class Kill {

  private Kill() {}

  /** SIGSTOP: the process stands still until it is continued. */
  static void pause(long pid) throws IOException, InterruptedException {
    send("STOP", pid);
  }

  /** SIGCONT. */
  static void goOn(long pid) throws IOException, InterruptedException {
    send("CONT", pid);
  }

  /** SIGTERM. */
  static void terminate(long pid) throws IOException, InterruptedException {
    send("TERM", pid);
  }

  /** SIGKILL. */
  static void kill(long pid) throws IOException, InterruptedException {
    send("KILL", pid);
  }

  /**
   * Whether a process has ended. One that nobody has buried yet has: {@link ProcessHandle#isAlive}
   * says otherwise, and who buries orphans, the system's first process, may take its time.
   */
  static boolean gone(ProcessHandle process) {
    try {
      String stat = Files.readString(Path.of("/proc", Long.toString(process.pid()), "stat"));
      return stat.charAt(stat.lastIndexOf(')') + 2) == 'Z';
    } catch (IOException e) {
      return !process.isAlive();
    }
  }

  private static void send(String signal, long pid) throws IOException, InterruptedException {
    Process kill =
        new ProcessBuilder("/bin/kill", "-" + signal, Long.toString(pid)).inheritIO().start();
    assertThat(kill.waitFor(10, TimeUnit.SECONDS)).isTrue();
    assertThat(kill.exitValue()).as("kill -%s %s", signal, pid).isZero();
  }
}
