package io.sluice.launcher;

import io.sluice.launcher.cli.SluiceCommand;
import io.sluice.launcher.process.Signals;
import java.io.PrintWriter;
import java.util.List;

/** Where every Sluice process begins and ends. */
public final class Main {

  /** The commands that run until they are stopped. */
  private static final List<String> PROCESSES = List.of("run", "demo", "fetcher", "parser");

  private Main() {}

  /**
   * Runs a command and ends the JVM with its status. It is halted, not exited: all that was opened
   * is closed by then, and whatever waits in a shutdown hook has no say in the status.
   */
  public static void main(String[] arguments) {
    List<String> words = List.of(arguments);
    if (!words.isEmpty() && PROCESSES.contains(words.getFirst())) {
      Signals.leaveAtOnce(words.contains("--supervised"));
    }
    PrintWriter out = new PrintWriter(System.out, true, System.out.charset());
    PrintWriter err = new PrintWriter(System.err, true, System.err.charset());
    int status = SluiceCommand.commandLine(out, err).execute(arguments);
    out.flush();
    err.flush();
    Runtime.getRuntime().halt(status);
  }
}
