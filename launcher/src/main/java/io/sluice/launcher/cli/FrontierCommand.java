package io.sluice.launcher.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code sluice frontier}: names the commands that look into a frontier. */
@Command(
    name = "frontier",
    description = "Look into a crawl's frontier, check it, carry URLs out and in.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      FrontierStatsCommand.class,
      FrontierVerifyCommand.class,
      FrontierListCommand.class,
      FrontierExplainCommand.class,
      FrontierExportCommand.class,
      FrontierImportCommand.class
    },
    footer = {
      "",
      "DIR is a crawl's directory (crawl.dir). All but import and verify --repair may be used"
          + " while",
      "the crawl runs; they never write."
    })
final class FrontierCommand implements Runnable {

  @Spec private CommandSpec spec;

  @SuppressWarnings("NullAway.Init") // picocli sets spec before anything runs
  FrontierCommand() {}

  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }
}
