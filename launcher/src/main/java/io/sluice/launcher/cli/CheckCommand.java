package io.sluice.launcher.cli;

import io.sluice.core.config.CrawlSettings;
import io.sluice.core.config.SeedsFile;
import io.sluice.core.config.SluiceConfig;
import io.sluice.core.resource.ResourceLedger;
import io.sluice.launcher.process.CannotStart;
import io.sluice.launcher.progress.Amounts;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code sluice check}: finds every problem before a crawl does. Confined to the main thread. */
@Command(
    name = "check",
    description = "Check CONFIG, the seeds file and the crawl directory; starts nothing.",
    mixinStandardHelpOptions = true)
final class CheckCommand implements Callable<Integer> {

  private static final int MAX_PROBLEMS = 100;

  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "CONFIG", description = "The crawl's YAML; see config/crawler.yaml.")
  private Path file;

  @SuppressWarnings("NullAway.Init") // picocli sets spec and file before anything runs
  CheckCommand() {}

  @Override
  public Integer call() throws CannotStart {
    SluiceConfig config = ConfigFile.load(file);
    CrawlSettings crawl = config.crawl();
    List<String> problems = new ArrayList<>();
    if (!writable(crawl.dir())) {
      problems.add("crawl.dir=%s: cannot be written".formatted(crawl.dir()));
    } else {
      problems.addAll(CrawlDir.refusedChanges(config));
    }
    long seeds = crawl.seeds().size() + seedsInFile(crawl, problems);
    if (!problems.isEmpty()) {
      throw new CannotStart(problems);
    }
    PrintWriter out = spec.commandLine().getOut();
    out.printf("%s: OK%n", file);
    out.printf("  crawl    %s in %s, %s seeds%n", crawl.name(), crawl.dir(), Amounts.count(seeds));
    out.printf("  scope    %s%n", scope(config));
    out.printf(
        "  parsers  %d processes of %d threads%n",
        config.parser().processes(), config.parser().threads());
    out.printf("  redis    %s%n", config.redis().embedded() ? "embedded" : "of your own");
    return 0;
  }

  private static String scope(SluiceConfig config) {
    List<String> domains = config.scope().domains();
    return domains.isEmpty() ? "the seeds' registered domains" : String.join(", ", domains);
  }

  /** Whether the directory, or the nearest one above it that exists, is a directory to write to. */
  private static boolean writable(Path dir) {
    Path place = dir.toAbsolutePath().normalize();
    while (!Files.exists(place) && place.getParent() != null) {
      place = place.getParent();
    }
    return Files.isDirectory(place) && Files.isWritable(place);
  }

  private static long seedsInFile(CrawlSettings crawl, List<String> problems) {
    Path file = crawl.seedsFile();
    if (file == null) {
      return 0;
    }
    long seeds = 0;
    try (SeedsFile lines = SeedsFile.open(file, new ResourceLedger())) {
      for (SeedsFile.Line line = lines.next();
          line != null && problems.size() < MAX_PROBLEMS;
          line = lines.next()) {
        switch (line) {
          case SeedsFile.Line.Valid ignored -> seeds++;
          case SeedsFile.Line.Bad(var problem) -> problems.add(problem.toString());
        }
      }
    } catch (IOException e) {
      problems.add("crawl.seeds-file=%s: cannot be read".formatted(file));
    }
    return seeds;
  }
}
