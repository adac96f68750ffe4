package io.sluice.launcher.cli;

import io.sluice.core.config.SluiceConfig;
import io.sluice.launcher.progress.Screen;
import io.sluice.launcher.supervise.Crawl;
import io.sluice.launcher.supervise.CrawlEnd;
import io.sluice.launcher.supervise.Supervisor;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code sluice run}: a whole crawl on this machine. Confined to the main thread. */
@Command(
    name = "run",
    description = "Crawl what CONFIG says, on this machine: Redis, one fetcher, the parsers.",
    footer = {
      "",
      "Ctrl-C or SIGTERM stops in order; run again to go on where it stopped. A second one forces."
    },
    mixinStandardHelpOptions = true)
final class RunCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "CONFIG", description = "The crawl's YAML; see config/crawler.yaml.")
  private Path file;

  @SuppressWarnings("NullAway.Init") // picocli sets spec and file before anything runs
  RunCommand() {}

  @Override
  public Integer call() throws Exception {
    SluiceConfig config = ConfigFile.load(file);
    Screen screen = Screen.of(spec.commandLine().getOut(), spec.commandLine().getErr());
    CrawlEnd end = Supervisor.run(new Crawl(config, file, Map.of(), screen, true));
    end.summary().lines().forEach(screen::line);
    return end.exit().status();
  }
}
