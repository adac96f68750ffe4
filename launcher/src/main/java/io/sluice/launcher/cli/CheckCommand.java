package io.sluice.launcher.cli;

import io.sluice.core.config.CrawlSettings;
import io.sluice.core.config.Echo;
import io.sluice.core.config.Overruled;
import io.sluice.core.config.Seed;
import io.sluice.core.config.SeedsFile;
import io.sluice.core.config.SluiceConfig;
import io.sluice.core.resource.ResourceLedger;
import io.sluice.core.url.Url;
import io.sluice.launcher.process.CannotStart;
import io.sluice.launcher.process.CrawlFiles;
import io.sluice.launcher.process.DescriptorLimit;
import io.sluice.launcher.process.MemoryLimit;
import io.sluice.launcher.process.PlaceholderContact;
import io.sluice.launcher.process.SeedCheck;
import io.sluice.launcher.process.TempDirectory;
import io.sluice.launcher.progress.Amounts;
import io.sluice.launcher.supervise.CrawlLock;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * {@code sluice check}: reports every problem that would stop a crawl, before it starts. Confined
 * to the main thread.
 */
@Command(
    name = "check",
    description = "Check CONFIG, the seeds file and the crawl directory; start nothing.",
    mixinStandardHelpOptions = true)
final class CheckCommand implements Callable<Integer> {

  private static final int MAX_PROBLEMS = 100;

  /** Fits a config to one of the machine's limits, or refuses it. */
  @FunctionalInterface
  private interface Limit {
    String line() throws CannotStart;
  }

  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "CONFIG",
      description = "The crawl's config file (YAML); config/crawler.yaml documents every key.")
  private Path file;

  @Option(
      names = "--explain",
      paramLabel = "URL",
      description =
          "Only show whether the scope takes URL, and its host's settings with what decides each.")
  private @Nullable String explained;

  @Option(
      names = "--depth",
      paramLabel = "N",
      description = "Links from a seed to the URL of --explain. Default: ${DEFAULT-VALUE}.",
      defaultValue = "0")
  private int depth;

  @SuppressWarnings("NullAway.Init") // picocli sets spec and file before anything runs
  CheckCommand() {}

  @Override
  public Integer call() throws CannotStart {
    SluiceConfig config = ConfigFile.load(file);
    if (explained != null) {
      return explain(config, CrawlDir.url(explained));
    }
    CrawlSettings crawl = config.crawl();
    List<String> problems = new ArrayList<>();
    if (!writable(crawl.dir())) {
      problems.add("crawl.dir=%s: cannot be written".formatted(crawl.dir()));
    } else {
      problems.addAll(CrawlDir.refusedChanges(config));
      runningCrawl(crawl, problems);
    }
    SeedCheck check = new SeedCheck(config);
    SeedCheck.Verdict verdict = check.configured();
    PlaceholderContact.problem(config).ifPresent(problems::add);
    problems.addAll(verdict.problems());
    long seeds = crawl.seeds().size() + seedsInFile(crawl, check, problems);
    List<String> memory =
        lines(
            problems,
            () -> MemoryLimit.ofFetcher(config, config.fetcher().heapBytes()).line(),
            () -> MemoryLimit.ofParser(config, config.parser().heapBytes()).line());
    List<String> descriptors =
        lines(
            problems,
            () -> {
              TempDirectory.check();
              DescriptorLimit.checkSupervisor(config);
              return "";
            },
            () -> DescriptorLimit.ofFetcher(config).line(),
            () -> DescriptorLimit.ofParser(config).line());
    if (!problems.isEmpty()) {
      throw new CannotStart(problems);
    }
    PrintWriter out = spec.commandLine().getOut();
    out.printf("%s: OK%n", file);
    out.printf(
        "  crawl    %s in %s, %s%n",
        crawl.name(), new CrawlFiles(crawl.dir()).place(), Amounts.count(seeds, "seed"));
    out.printf("  scope    %s%n", scope(config));
    out.printf(
        "  parsers  %s of %s%n",
        Amounts.count(config.parser().processes(), "process", "processes"),
        Amounts.count(config.parser().threads(), "thread"));
    out.printf("  redis    %s%n", config.redis().embedded() ? "embedded" : "your own");
    verdict.notes().forEach(line -> out.printf("  note     %s%n", line));
    Overruled.lines(config.hosts()).forEach(line -> out.printf("  note     %s%n", line));
    memory.forEach(line -> out.printf("  memory   %s%n", line));
    descriptors.forEach(line -> out.printf("  files    %s%n", line));
    return 0;
  }

  private int explain(SluiceConfig config, Url url) throws CannotStart {
    try {
      new UrlSettings(config, url, spec.commandLine().getOut()).print(depth);
      return 0;
    } catch (IOException e) {
      throw CrawlDir.mistake(e);
    }
  }

  private static void runningCrawl(CrawlSettings crawl, List<String> problems) {
    try {
      CrawlLock.holder(new CrawlFiles(crawl.dir())).ifPresent(problems::add);
    } catch (IOException e) {
      problems.add(CrawlDir.mistake(e).getMessage());
    }
  }

  /**
   * Returns a line for each limit that makes {@code sluice run} lower settings. For a limit that is
   * too low, lines are added to {@code problems} instead.
   */
  private static List<String> lines(List<String> problems, Limit... limits) {
    List<String> lines = new ArrayList<>();
    for (Limit limit : limits) {
      try {
        lines.add(limit.line());
      } catch (CannotStart e) {
        problems.addAll(e.lines());
      }
    }
    lines.removeIf(String::isEmpty);
    return lines;
  }

  private static String scope(SluiceConfig config) {
    List<String> domains = config.scope().domains();
    return domains.isEmpty() ? "the seeds' registered domains" : String.join(", ", domains);
  }

  /**
   * Whether {@code dir} or, if it does not exist, its nearest existing ancestor is a writable
   * directory.
   */
  private static boolean writable(Path dir) {
    Path place = dir.toAbsolutePath().normalize();
    while (!Files.exists(place) && place.getParent() != null) {
      place = place.getParent();
    }
    return Files.isDirectory(place) && Files.isWritable(place);
  }

  private static long seedsInFile(CrawlSettings crawl, SeedCheck check, List<String> problems) {
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
          case SeedsFile.Line.Valid(Seed seed, int number) -> {
            seeds++;
            String refused = check.refusalInFile(seed.url());
            if (refused != null) {
              problems.add(
                  "%s:%d: seed=%s: %s"
                      .formatted(
                          Echo.of(file.toString()), number, Echo.of(seed.url().href()), refused));
            }
          }
          case SeedsFile.Line.Bad(var problem) -> problems.add(problem.toString());
        }
      }
    } catch (IOException e) {
      problems.add("crawl.seeds-file=%s: cannot be read".formatted(file));
    }
    return seeds;
  }
}
