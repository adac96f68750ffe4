package io.sluice.launcher;

import io.sluice.launcher.cli.SluiceCommand;
import io.sluice.launcher.process.Signals;
import io.sluice.launcher.process.TempDirectory;
import java.io.PrintWriter;
import java.util.List;

/** Where every Sluice process begins and ends. */
public final class Main {

  /** The commands that run until they are stopped. */
  private static final List<String> PROCESSES =
      List.of("run", "demo", "demo-web", "fetcher", "parser");

  private Main() {}

  /**
   * Runs a command and ends the JVM with its status. Halts the JVM instead of exiting: everything
   * that was opened is already closed, and shutdown hooks must not change the status.
   */
  public static void main(String[] arguments) {
    TempDirectory.heed(System.getenv());
    List<String> words = List.of(arguments);
    if (!words.isEmpty() && PROCESSES.contains(words.getFirst())) {
      if (words.contains("--supervised")) {
        Signals.passUp();
      } else {
        Signals.leaveAtOnce();
      }
    }
    PrintWriter out = new PrintWriter(System.out, true, System.out.charset());
    PrintWriter err = new PrintWriter(System.err, true, System.err.charset());
    int status = SluiceCommand.commandLine(out, err).execute(arguments);
    out.flush();
    err.flush();
    Runtime.getRuntime().halt(status);
  }
}
