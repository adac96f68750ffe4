package io.sluice.launcher.cli;

import io.sluice.core.config.ConfigCopy;
import io.sluice.core.config.SluiceConfig;
import io.sluice.launcher.process.CannotStart;
import io.sluice.launcher.process.CrawlFiles;
import io.sluice.launcher.process.CrawlReport;
import io.sluice.launcher.process.FetcherProcess;
import io.sluice.launcher.process.ProcessOptions;
import io.sluice.launcher.process.SeedCheck;
import io.sluice.launcher.supervise.CrawlLock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code sluice fetcher}: the fetcher process alone. Confined to the main thread. */
@Command(
    name = "fetcher",
    description = "Run the fetcher process of a crawl: frontier and fetcher. Needs a Redis server.",
    mixinStandardHelpOptions = true)
final class FetcherCommand implements Callable<Integer> {

  private static final Logger log = LoggerFactory.getLogger(FetcherCommand.class);

  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "CONFIG",
      description = "The crawl's config file (YAML); config/crawler.yaml documents every key.")
  private Path file;

  @Option(
      names = "--name",
      paramLabel = "NAME",
      defaultValue = FetcherProcess.NAME,
      hidden = true,
      description = "The process's name in logs and reports.")
  private String name;

  @Option(
      names = "--supervised",
      hidden = true,
      description = "Stop when standard input ends; leave progress and Ctrl-C to the supervisor.")
  private boolean supervised;

  @SuppressWarnings("NullAway.Init") // picocli sets spec, file and name before anything runs
  FetcherCommand() {}

  @Override
  public Integer call() throws Exception {
    SluiceConfig config = StandaloneRedis.require(ConfigFile.load(file));
    if (supervised) {
      return run(config); // The supervisor holds the directory's lock.
    }
    SeedCheck.atStart(config, line -> spec.commandLine().getErr().println("sluice: " + line));
    try (CrawlLock _ = CrawlLock.take(new CrawlFiles(config.crawl().dir()))) {
      return run(config);
    } catch (IOException e) {
      throw CrawlDir.mistake(e);
    }
  }

  private int run(SluiceConfig config) throws CannotStart, InterruptedException {
    CrawlDir.refuseChanges(config); // first, so that a refused config is not kept as the last run's
    keepConfig(new CrawlFiles(config.crawl().dir()));
    return FetcherProcess.run(config, new ProcessOptions(name, supervised)).status();
  }

  /**
   * Keeps a copy of the config for {@code frontier explain}; the crawl itself does not need it. A
   * config that was read from a pipe is not copied, since a pipe cannot be read twice.
   */
  private void keepConfig(CrawlFiles files) {
    if (!Files.isRegularFile(file)) {
      return;
    }
    try {
      CrawlReport.replace(files, files.lastConfig(), ConfigCopy.of(file, System.getenv()));
    } catch (IOException e) {
      log.debug("{} cannot be written", files.lastConfig(), e);
    }
  }
}
