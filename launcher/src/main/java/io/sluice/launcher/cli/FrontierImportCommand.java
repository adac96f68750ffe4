package io.sluice.launcher.cli;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.sluice.core.config.Echo;
import io.sluice.core.config.SluiceConfig;
import io.sluice.core.resource.ResourceLedger;
import io.sluice.frontier.Frontier;
import io.sluice.frontier.FrontierStats;
import io.sluice.frontier.FrontierView;
import io.sluice.frontier.inspect.EndedUrls;
import io.sluice.frontier.scope.Refusal;
import io.sluice.launcher.process.CannotStart;
import io.sluice.launcher.process.CrawlFiles;
import io.sluice.launcher.progress.Amounts;
import io.sluice.launcher.supervise.CrawlLock;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code sluice frontier import}: offers the URLs of a file. Confined to the main thread. */
@Command(
    name = "import",
    description =
        "Add the URLs of FILE, in the form that export writes, to a stopped crawl's frontier.",
    mixinStandardHelpOptions = true)
final class FrontierImportCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Parameters(
      index = "0",
      paramLabel = "CONFIG",
      description = "The crawl's config file (YAML); its scope applies.")
  private Path configFile;

  @Parameters(index = "1", paramLabel = "FILE", description = "URLs, one per line.")
  private Path file;

  @Option(
      names = "--again",
      description =
          "Also queue URLs that were seen before, if they have ended, so that they are visited once"
              + " more. URLs that are still waiting are left alone.")
  private boolean again;

  @SuppressWarnings("NullAway.Init") // picocli sets the fields before anything runs
  FrontierImportCommand() {}

  @Override
  public Integer call() throws CannotStart, InterruptedException {
    SluiceConfig config = ConfigFile.load(configFile);
    if (again && !Files.isRegularFile(file)) {
      throw new CannotStart(
          Echo.of(file.toString()) + ": must be a regular file; --again reads it twice");
    }
    CrawlFiles files = new CrawlFiles(config.crawl().dir());
    CrawlDir.look(files.dir(), _ -> 0); // throws without a frontier: none is created here
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

  private int importInto(SluiceConfig config)
      throws IOException, InterruptedException, CannotStart {
    if (Frontier.isOlder(config.crawl().dir(), new ResourceLedger())) {
      throw new CannotStart(
          "crawl.dir=%s: was made by an older Sluice; run the crawl once, which upgrades it, then import"
              .formatted(config.crawl().dir()));
    }
    PrintWriter err = spec.commandLine().getErr();
    Frontier frontier =
        Frontier.open(
            config, config.crawl().dir(), new ResourceLedger(), new SimpleMeterRegistry());
    FrontierImport run = new FrontierImport(frontier, err);
    try (frontier) {
      run.offerSeeds(config.crawl());
      if (again) {
        FrontierView view = FrontierView.of(config.crawl().dir(), new ResourceLedger());
        run.offerAgain(file, new EndedUrls(view, config));
      } else {
        run.offer(file);
      }
    }
    return report(run, frontier.stats());
  }

  private int report(FrontierImport run, FrontierStats stats) {
    PrintWriter out = spec.commandLine().getOut();
    out.printf(
        "%s: %s accepted, %s %s, %s refused, %s lines are not URLs%n",
        Echo.of(file.toString()),
        Amounts.count(run.counts().accepted()),
        Amounts.count(run.counts().seen() + run.waiting()),
        again ? "already waiting" : "seen before",
        Amounts.count(run.counts().refused()),
        Amounts.count(run.badLines()));
    for (Map.Entry<Refusal, Long> refused : new TreeMap<>(stats.refused()).entrySet()) {
      out.printf("  %-20s %s%n", refused.getKey().word(), Amounts.count(refused.getValue()));
    }
    return run.badLines() == 0 ? 0 : 1;
  }
}
