package io.sluice.launcher.cli;

import io.sluice.core.config.Echo;
import io.sluice.core.config.SluiceConfig;
import io.sluice.launcher.export.PageExport;
import io.sluice.launcher.process.CannotStart;
import io.sluice.launcher.progress.Screen;
import io.sluice.launcher.supervise.Crawl;
import io.sluice.launcher.supervise.CrawlRun;
import io.sluice.launcher.supervise.RunResult;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code sluice run}: a whole crawl on this machine. Confined to the main thread. */
@Command(
    name = "run",
    description =
        "Crawl on this machine, with Redis, one fetcher and the parsers: as CONFIG says, or the"
            + " registered domains of some URLs.",
    footer = {
      "",
      "A crawl of URLs is kept in crawls/HOST, together with its config; the same command continues"
          + " it. Ctrl-C or SIGTERM stops it cleanly; run it again to continue where it stopped. A"
          + " second signal, at least a second later, ends it at once.",
      "",
      "  sluice run https://docs.example.org/ --contact me@example.org --max-pages 100",
      "  sluice run http://localhost:8000/ -o - | jq -r '[.status, .url] | @tsv'",
      "  sluice run crawler.yaml"
    },
    mixinStandardHelpOptions = true)
final class RunCommand implements Callable<Integer> {

  private static final String STANDARD_OUTPUT = "-";

  @Spec private CommandSpec spec;

  @Mixin private ScreenOptions screenOptions;

  @Mixin private RunOptions options;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FILE",
      description =
          "Copy pages to FILE as plain JSON lines as they are committed, each once across all runs;"
              + " - for standard output.")
  private @Nullable String output;

  @Parameters(
      arity = "1..*",
      paramLabel = "CONFIG|URL",
      description =
          "The crawl's config file (YAML; config/crawler.yaml documents every key; sluice init"
              + " writes one), or the URLs to begin at.")
  private List<String> what;

  @SuppressWarnings("NullAway.Init") // picocli sets them before anything runs
  RunCommand() {}

  @Override
  public Integer call() throws Exception {
    PageExport.check(output); // checked before ofUrls creates a directory
    PrintWriter err = spec.commandLine().getErr();
    boolean piped = STANDARD_OUTPUT.equals(output);
    Screen screen = screenOptions.screen(piped ? err : spec.commandLine().getOut(), err);
    boolean urls = what.stream().allMatch(UrlCrawl::isUrl);
    Crawl crawl = urls ? ofUrls(err, screen) : ofConfig(screen);
    boolean goesOn =
        crawl.begin() == null
            && Files.isDirectory(crawl.config().crawl().dir().resolve("frontier"));
    if (crawl.begin() == null) {
      CrawlDir.refuseChanges(crawl.config());
    }
    RunResult end = CrawlRun.run(crawl);
    end.summary().lines().forEach(screen::line);
    if (urls && goesOn && end.status().fetched() == 0 && end.reason().equals("exhausted")) {
      screen.line("Nothing     was left to do; --fresh begins the crawl again");
    }
    return end.exit().status();
  }

  private Crawl ofUrls(PrintWriter err, Screen screen) throws CannotStart, IOException {
    UrlCrawl.Ready ready = UrlCrawl.prepare(what, options, ScreenOptions.terminal(), err);
    SluiceConfig config = ready.config(System.getenv());
    return new Crawl(config, ready.file(), ready.variables(), screen, output, ready.begin(), true);
  }

  private Crawl ofConfig(Screen screen) throws CannotStart, IOException {
    Path file = file();
    Map<String, String> variables = options.variables();
    SluiceConfig config = load(file, variables);
    if (!options.fresh) {
      return new Crawl(config, file, variables, screen, output, null, true);
    }
    Path dir = config.crawl().dir();
    if (Files.exists(dir) && file.toRealPath().startsWith(dir.toRealPath())) {
      throw new CannotStart(
          "--fresh: %s is in %s, which would be removed; move it first".formatted(file, dir));
    }
    return new Crawl(config, file, variables, screen, output, () -> {}, true);
  }

  private Path file() throws CannotStart {
    for (String text : what) {
      if (UrlCrawl.isHost(text) && !Files.exists(Path.of(text))) {
        throw new CannotStart(
            "%s: there is no such file; for a URL, write %s"
                .formatted(Echo.of(text), Echo.of(UrlCrawl.withScheme(text))));
      }
    }
    if (what.size() > 1) {
      throw new CannotStart("name one CONFIG, or URLs only, which begin with https:// or http://");
    }
    if (options.contact != null) {
      throw new CannotStart("--contact is for a crawl of URLs; in a CONFIG, set crawl.user-agent");
    }
    return Path.of(what.getFirst());
  }

  private static SluiceConfig load(Path file, Map<String, String> variables) throws CannotStart {
    Map<String, String> environment = new HashMap<>(System.getenv());
    environment.putAll(variables);
    return ConfigFile.load(file, environment);
  }
}
