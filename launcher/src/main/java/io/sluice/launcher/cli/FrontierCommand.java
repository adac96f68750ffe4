package io.sluice.launcher.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code sluice frontier}: groups the commands that inspect a frontier. */
@Command(
    name = "frontier",
    description = "Inspect a crawl's frontier, check it, export and import URLs, retry them.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      FrontierStatsCommand.class,
      FrontierVerifyCommand.class,
      FrontierListCommand.class,
      FrontierExplainCommand.class,
      FrontierExportCommand.class,
      FrontierImportCommand.class,
      FrontierRetryCommand.class
    },
    footer = {
      "",
      "DIR is a crawl's directory (crawl.dir), or the CONFIG that names it. All commands but import"
          + " and verify --repair work while the crawl runs. None of those write anything"
          + " themselves; retry asks the running crawl to."
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
