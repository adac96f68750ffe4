package io.sluice.launcher.cli;

import io.sluice.core.config.Echo;
import io.sluice.core.resource.ResourceLedger;
import io.sluice.frontier.FrontierView;
import io.sluice.frontier.StoppedFrontier;
import io.sluice.frontier.repair.Verify;
import io.sluice.launcher.process.CannotStart;
import io.sluice.launcher.process.CrawlFiles;
import io.sluice.launcher.progress.Amounts;
import io.sluice.launcher.supervise.CrawlLock;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * {@code sluice frontier verify}: checks that a frontier is intact. Confined to the main thread.
 */
@Command(
    name = "verify",
    description = "Read a frontier's files from end to end and report what is damaged.",
    footer = {"", "Exit status: 0 everything is intact; 1 something is damaged."},
    mixinStandardHelpOptions = true)
final class FrontierVerifyCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "DIR",
      description = "The crawl's directory, or its CONFIG.",
      converter = CrawlDirConverter.class)
  private Path dir;

  @Option(
      names = "--repair",
      description =
          "Rebuild the frontier from what can be read, keep the damaged files in"
              + " frontier/quarantine-TIME, and list what is lost. Only while no crawl runs.")
  private boolean repair;

  @SuppressWarnings("NullAway.Init") // picocli sets spec and dir before anything runs
  FrontierVerifyCommand() {}

  @Override
  public Integer call() throws CannotStart {
    return CrawlDir.look(dir, this::verify);
  }

  private int verify(FrontierView frontier) throws IOException, CannotStart {
    PrintWriter out = spec.commandLine().getOut();
    if (repair) {
      try (CrawlLock _ = CrawlLock.take(new CrawlFiles(dir));
          StoppedFrontier stopped = StoppedFrontier.take(dir, new ResourceLedger())) {
        int shards = stopped.repair(InstantSource.system(), loss -> out.println(Echo.whole(loss)));
        out.printf("%s: %d shards repaired%n", Echo.of(dir.toString()), shards);
      }
    }
    Verify.Result result = Verify.frontier(frontier, problem -> out.println(Echo.whole(problem)));
    out.printf(
        "%s: %s waiting URLs, %s files, %s problems%n",
        Echo.of(dir.toString()),
        Amounts.count(result.urls()),
        Amounts.count(result.files()),
        Amounts.count(result.problems()));
    return result.problems() == 0 ? 0 : 1;
  }
}
