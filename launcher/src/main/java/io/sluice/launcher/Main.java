package io.sluice.launcher;

import io.sluice.launcher.cli.SluiceCommand;
import java.io.PrintWriter;

/** Where every Sluice process begins and ends. */
public final class Main {

  private Main() {}

  /**
   * Runs a command and ends the JVM with its status. It is halted, not exited: all that was opened
   * is closed by then, and whatever waits in a shutdown hook has no say in the status.
   */
  public static void main(String[] arguments) {
    PrintWriter out = new PrintWriter(System.out, true, System.out.charset());
    PrintWriter err = new PrintWriter(System.err, true, System.err.charset());
    int status = SluiceCommand.commandLine(out, err).execute(arguments);
    out.flush();
    err.flush();
    Runtime.getRuntime().halt(status);
  }
}
