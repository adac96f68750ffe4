package io.sluice.launcher.cli;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.sluice.core.config.Echo;
import io.sluice.core.config.SluiceConfig;
import io.sluice.core.resource.ResourceLedger;
import io.sluice.frontier.Frontier;
import io.sluice.frontier.FrontierStats;
import io.sluice.frontier.scope.Refusal;
import io.sluice.launcher.process.CannotStart;
import io.sluice.launcher.process.CrawlFiles;
import io.sluice.launcher.progress.Amounts;
import io.sluice.launcher.supervise.CrawlLock;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code sluice frontier import}: carries URLs in. Confined to the main thread. */
@Command(
    name = "import",
    description = "Offer the URLs of FILE, as export writes them, to a stopped crawl's frontier.",
    mixinStandardHelpOptions = true)
final class FrontierImportCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Parameters(
      index = "0",
      paramLabel = "CONFIG",
      description = "The crawl's YAML: its scope holds.")
  private Path configFile;

  @Parameters(index = "1", paramLabel = "FILE", description = "URLs, one a line.")
  private Path file;

  @SuppressWarnings("NullAway.Init") // picocli sets the fields before anything runs
  FrontierImportCommand() {}

  @Override
  public Integer call() throws CannotStart, InterruptedException {
    SluiceConfig config = ConfigFile.load(configFile);
    CrawlFiles files = new CrawlFiles(config.crawl().dir());
    CrawlDir.look(files.dir(), _ -> 0); // an import makes no crawl directory
    List<String> refused = CrawlDir.refusedChanges(config);
    if (!refused.isEmpty()) {
      throw new CannotStart(refused);
    }
    try (CrawlLock _ = CrawlLock.take(files)) {
      return importInto(config);
    } catch (IOException e) {
      throw CrawlDir.mistake(e);
    }
  }

  private int importInto(SluiceConfig config) throws IOException, InterruptedException {
    PrintWriter err = spec.commandLine().getErr();
    Frontier frontier =
        Frontier.open(
            config, config.crawl().dir(), new ResourceLedger(), new SimpleMeterRegistry());
    FrontierImport run = new FrontierImport(frontier, err);
    try (frontier) {
      run.offer(config.crawl(), file);
    }
    return report(run, frontier.stats());
  }

  private int report(FrontierImport run, FrontierStats stats) {
    PrintWriter out = spec.commandLine().getOut();
    out.printf(
        "%s: %s accepted, %s seen before, %s refused, %s lines are no URLs%n",
        Echo.of(file.toString()),
        Amounts.count(run.counts().accepted()),
        Amounts.count(run.counts().seen()),
        Amounts.count(run.counts().refused()),
        Amounts.count(run.badLines()));
    for (Map.Entry<Refusal, Long> refused : new TreeMap<>(stats.refused()).entrySet()) {
      out.printf("  %-20s %s%n", refused.getKey().word(), Amounts.count(refused.getValue()));
    }
    return run.badLines() == 0 ? 0 : 1;
  }
}
