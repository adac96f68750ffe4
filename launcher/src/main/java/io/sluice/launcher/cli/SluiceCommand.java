package io.sluice.launcher.cli;

import io.sluice.core.config.Echo;
import io.sluice.core.config.Nearest;
import io.sluice.core.lifecycle.ExitCode;
import io.sluice.launcher.process.CannotStart;
import io.sluice.launcher.process.CrawlFiles;
import java.io.PrintWriter;
import java.nio.file.FileSystemException;
import java.nio.file.InvalidPathException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/** The root command, which contains the others. Confined to the main thread. */
@Command(
    name = "sluice",
    description = "An asynchronous web crawler that never leaks and never loses a page.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      RunCommand.class,
      InitCommand.class,
      CheckCommand.class,
      ParseCommand.class,
      DemoCommand.class,
      DemoWebCommand.class,
      FetcherCommand.class,
      ParserCommand.class,
      FrontierCommand.class,
      ReportCommand.class,
      PurgeCommand.class,
      ForgetCommand.class,
      VersionCommand.class,
      HelpCommand.class
    },
    footer = {
      "",
      "Exit status: 0 clean; 1 could not start; 2 forced, and nothing is lost; 3 a leak was "
          + "found; 4 the crawl ended without a single page in its directory.",
      "",
      "Start with:  sluice demo, or sluice run http://localhost:8000/"
    })
public final class SluiceCommand implements Runnable {

  @Spec private CommandSpec spec;

  /** Called by {@link #commandLine}; picocli sets the fields. */
  @SuppressWarnings("NullAway.Init") // picocli sets spec before anything runs
  private SluiceCommand() {}

  /** Creates the command line, which writes to {@code out} and {@code err}. */
  public static CommandLine commandLine(PrintWriter out, PrintWriter err) {
    CommandLine root = new CommandLine(new SluiceCommand());
    if (ScreenOptions.isDumb(System.getenv())) {
      root.setColorScheme(Help.defaultColorScheme(Help.Ansi.OFF));
    }
    return root.setOut(out)
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
      text.setLength("sluice: ".length());
      text.append("unknown: ").append(Echo.of(String.join(" ", unmatched.getUnmatched())));
      String meant = meant(line, unmatched);
      if (meant != null) {
        text.append("; did you mean ").append(meant).append('?');
      }
    }
    line.getErr().println(text.append(" (see ").append(name(line)).append(" --help)"));
    return ExitCode.NO_START.status();
  }

  /** Returns the command that the user probably meant; null if none is close. */
  private static @Nullable String meant(CommandLine line, UnmatchedArgumentException unmatched) {
    String word = unmatched.getUnmatched().getFirst();
    if (word.startsWith("-") || !line.getCommandSpec().positionalParameters().isEmpty()) {
      List<String> suggestions = unmatched.getSuggestions();
      return suggestions.isEmpty() ? null : String.join(" or ", suggestions);
    }
    boolean runs = UrlCrawl.isUrl(word) || word.endsWith(".yaml") || word.endsWith(".yml");
    if (runs && line.getParent() == null) {
      return "sluice run " + Echo.of(word);
    }
    List<String> commands =
        line.getSubcommands().entrySet().stream()
            .filter(command -> !command.getValue().getCommandSpec().usageMessage().hidden())
            .map(Map.Entry::getKey)
            .toList();
    String nearest = Nearest.to(word, commands);
    return nearest == null ? null : name(line) + " " + nearest;
  }

  private static String name(CommandLine line) {
    return line.getCommandSpec().qualifiedName(" ");
  }

  private static int explain(Exception failure, CommandLine line) throws Exception {
    if (failure instanceof CannotStart mistake) {
      mistake.lines().forEach(text -> line.getErr().println("sluice: " + text));
      return ExitCode.NO_START.status();
    }
    String mistake =
        switch (failure) {
          case FileSystemException e -> CrawlFiles.reason(e);
          case InvalidPathException e -> Echo.of(e.getInput()) + ": cannot be a file's name";
          default -> throw failure; // A defect: the stack trace is shown.
        };
    line.getErr().println("sluice: " + mistake);
    return ExitCode.NO_START.status();
  }
}
