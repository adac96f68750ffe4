package io.sluice.launcher.cli;

import io.sluice.core.lifecycle.ExitCode;
import io.sluice.launcher.process.CannotStart;
import java.io.PrintWriter;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/** The root command: it names the others. Confined to the main thread. */
@Command(
    name = "sluice",
    description = "An asynchronous web crawler that never leaks and never loses a page.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      RunCommand.class,
      DemoCommand.class,
      CheckCommand.class,
      FetcherCommand.class,
      ParserCommand.class,
      FrontierCommand.class,
      PurgeCommand.class
    },
    footer = {
      "",
      "Exit status: 0 clean; 1 could not start; 2 forced, and nothing is lost; 3 a leak was found.",
      "Start with:  sluice demo"
    })
public final class SluiceCommand implements Runnable {

  @Spec private CommandSpec spec;

  /** Made by {@link #commandLine}; picocli fills in the rest. */
  @SuppressWarnings("NullAway.Init") // picocli sets spec before anything runs
  private SluiceCommand() {}

  /** The command line, speaking to {@code out} and {@code err}. */
  public static CommandLine commandLine(PrintWriter out, PrintWriter err) {
    return new CommandLine(new SluiceCommand())
        .setOut(out)
        .setErr(err)
        .setParameterExceptionHandler((mistake, words) -> explain(mistake))
        .setExecutionExceptionHandler((failure, line, result) -> explain(failure, line));
  }

  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }

  private static int explain(ParameterException mistake) {
    CommandLine line = mistake.getCommandLine();
    StringBuilder text = new StringBuilder("sluice: ").append(mistake.getMessage());
    if (mistake instanceof UnmatchedArgumentException unmatched) {
      List<String> suggestions = unmatched.getSuggestions();
      text.setLength("sluice: ".length());
      text.append("unknown: ").append(String.join(" ", unmatched.getUnmatched()));
      if (!suggestions.isEmpty()) {
        text.append("; did you mean ").append(String.join(" or ", suggestions)).append('?');
      }
    }
    line.getErr().println(text.append(" (see ").append(name(line)).append(" --help)"));
    return ExitCode.NO_START.status();
  }

  private static String name(CommandLine line) {
    return line.getCommandSpec().qualifiedName(" ");
  }

  private static int explain(Exception failure, CommandLine line) throws Exception {
    if (failure instanceof CannotStart mistake) {
      mistake.lines().forEach(text -> line.getErr().println("sluice: " + text));
      return ExitCode.NO_START.status();
    }
    throw failure; // A defect: it is shown whole.
  }
}
