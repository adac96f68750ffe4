package io.sluice.launcher.cli;

import io.sluice.launcher.process.Signals;
import io.sluice.launcher.progress.Screen;
import io.sluice.launcher.progress.TerminalWidth;
import java.io.BufferedReader;
import java.io.Console;
import java.io.PrintWriter;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/** How a command communicates with its user while it runs. Confined to the main thread. */
final class ScreenOptions {

  @Option(
      names = "--no-progress",
      description = "Print a line every ten seconds even on a terminal, instead of a live line.")
  private boolean noProgress;

  /** Creates a screen on the command's streams, with a live line if the process has a terminal. */
  Screen screen(CommandLine command) {
    return screen(command.getOut(), command.getErr());
  }

  /** Creates a screen on the given streams. */
  @SuppressWarnings("SystemConsoleNull") // null with -Djdk.console=java.base, the default since 25
  Screen screen(PrintWriter out, PrintWriter err) {
    Console console = System.console();
    if (noProgress || isDumb(System.getenv()) || console == null || !console.isTerminal()) {
      return new Screen(out, err);
    }
    TerminalWidth width = new TerminalWidth();
    Signals.onResize(width::changed);
    return new Screen(out, err, true, width);
  }

  /**
   * Whether the variable TERM (terminfo) is {@code dumb}: the terminal does not understand control
   * sequences.
   */
  static boolean isDumb(Map<String, String> environment) {
    return "dumb".equals(environment.get("TERM"));
  }

  /** Returns a reader of the user's input; null unless standard input and output are a terminal. */
  @SuppressWarnings("SystemConsoleNull")
  static @Nullable BufferedReader terminal() {
    Console console = System.console();
    return console == null || !console.isTerminal() ? null : new BufferedReader(console.reader());
  }
}
