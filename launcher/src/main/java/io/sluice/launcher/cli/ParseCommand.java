package io.sluice.launcher.cli;

import io.sluice.core.config.CrawlSettings;
import io.sluice.core.config.Echo;
import io.sluice.core.config.Seed;
import io.sluice.core.config.SluiceConfig;
import io.sluice.core.lease.Labels;
import io.sluice.core.lease.Offer;
import io.sluice.core.message.Page;
import io.sluice.core.url.Url;
import io.sluice.frontier.scope.Refusal;
import io.sluice.frontier.scope.Scope;
import io.sluice.launcher.parse.FilePage;
import io.sluice.launcher.parse.OneFetch;
import io.sluice.launcher.parse.PagePreview;
import io.sluice.launcher.process.CannotStart;
import io.sluice.launcher.process.FittedConfig;
import io.sluice.launcher.process.MemoryLimit;
import io.sluice.launcher.process.PlaceholderContact;
import io.sluice.launcher.process.RefusingKey;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * {@code sluice parse}: shows what a crawl would extract from a page, without running one. Confined
 * to the main thread.
 */
@Command(
    name = "parse",
    description = "Print the JSON line that a page would give, and the rule behind each field.",
    footer = {
      "",
      "  sluice parse https://docs.example.org/page -c docs.yaml",
      "  sluice parse page.html --url https://docs.example.org/page -c docs.yaml"
    },
    mixinStandardHelpOptions = true)
final class ParseCommand implements Callable<Integer> {

  private static final String NOWHERE = "http://localhost/";

  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "URL|FILE",
      description = "A URL, which is fetched as in a crawl, or a file with the body of a page.")
  private String source;

  @Option(
      names = {"-c", "--config"},
      paramLabel = "CONFIG",
      description =
          "The crawl's config file (YAML); its section extract has the rules. Default: no"
              + " rules.")
  private @Nullable Path config;

  @Option(
      names = "--url",
      paramLabel = "URL",
      description = "With FILE: the URL of the page, for links and rules. Default: " + NOWHERE)
  private @Nullable String place;

  @Option(
      names = "--type",
      paramLabel = "TYPE",
      description = "With FILE: its Content-Type. Default: detected from its first bytes.")
  private @Nullable String type;

  @Option(
      names = "--contact",
      paramLabel = "C",
      description = "Without CONFIG: how the URL's operators can reach you, as in sluice run.")
  private @Nullable String contact;

  @SuppressWarnings("NullAway.Init") // picocli sets them before anything runs
  ParseCommand() {}

  @Override
  public Integer call() throws CannotStart, IOException, InterruptedException {
    boolean fetches = UrlCrawl.isUrl(source);
    if (fetches && (place != null || type != null)) {
      throw new CannotStart(
          "--url and --type are allowed with a FILE only; " + Echo.of(source) + " is a URL");
    }
    Page page;
    SluiceConfig settings;
    if (fetches) {
      Url url = parsed(source);
      settings = asking(url);
      page = fetched(settings, url);
      noteScope(settings, page);
    } else {
      Url url = parsed(place == null ? NOWHERE : place);
      settings = config == null ? withoutFile(Url.parse(NOWHERE)) : ConfigFile.load(config);
      page = read(Path.of(source), url, settings);
    }
    SluiceConfig fitted = FittedConfig.ofSupervisedParser(settings).config();
    noteCut(settings, fitted);
    PrintWriter out = spec.commandLine().getOut();
    out.println(PagePreview.of(page, fitted));
    out.flush();
    return 0;
  }

  private static Url parsed(String text) throws CannotStart {
    Url url = Url.parse(text);
    if (url == null) {
      throw new CannotStart(
          "%s: is not a URL: %s".formatted(Echo.withoutPassword(text), Url.explain(text)));
    }
    if (url.hasCredentials()) {
      throw new CannotStart(
          Echo.withoutPassword(text)
              + ": has a user name or password, which is never sent; remove it");
    }
    return url;
  }

  private Page read(Path file, Url url, SluiceConfig settings) throws CannotStart, IOException {
    if (Files.notExists(file)) {
      String meant =
          UrlCrawl.isHost(source) ? "; for a URL, write " + UrlCrawl.withScheme(source) : "";
      throw new CannotStart(Echo.of(source) + ": there is no such file" + meant);
    }
    if (Files.isDirectory(file)) {
      throw new CannotStart(Echo.of(source) + ": is a directory, but must be a file");
    }
    return FilePage.read(file, url, type, settings.fetcher().maxBodyBytes());
  }

  /**
   * Returns the settings with the URL as a seed, so that it may be fetched even at a special
   * address.
   */
  private SluiceConfig asking(Url url) throws CannotStart, IOException {
    if (config == null) {
      return withoutFile(url);
    }
    SluiceConfig given = ConfigFile.load(config);
    CrawlSettings crawl = given.crawl();
    List<Seed> seeds = new ArrayList<>(crawl.seeds());
    seeds.add(new Seed(url, Labels.NONE));
    SluiceConfig asking = given.with(crawl.withSeeds(seeds));
    var problem = PlaceholderContact.problem(given.with(crawl.withSeeds(List.of(seeds.getLast()))));
    if (problem.isPresent()) {
      throw new CannotStart(problem.get());
    }
    return asking;
  }

  /** Returns the configuration used without a CONFIG: defaults only. */
  private SluiceConfig withoutFile(@Nullable Url url) throws CannotStart, IOException {
    List<Url> seeds = url == null ? List.of() : List.of(url);
    String agent = Contact.userAgent(contact, seeds, null, spec.commandLine().getErr());
    ConfigText text =
        new ConfigText(
            List.of(),
            "parse",
            "./crawls/parse",
            seeds.stream().map(Url::href).toList(),
            agent,
            "0",
            "50",
            "1s",
            "0");
    return DraftConfig.load(text.yaml(), System.getenv());
  }

  /** Informs the user if the page was reached through a redirect that a crawl would not follow. */
  private void noteScope(SluiceConfig settings, Page page) {
    Url target = Objects.requireNonNull(Url.parse(page.url()));
    if (page.redirects().isEmpty()) {
      return;
    }
    Scope scope = new Scope(settings);
    settings.crawl().seeds().forEach(seed -> scope.admit(Offer.seed(seed.url())));
    scope.admit(new Offer(target, 0, page.via(), page.redirects(), Labels.NONE));
    Refusal refusal = scope.decide(target, 0, page.via());
    if (refusal != null) {
      PrintWriter err = spec.commandLine().getErr();
      err.printf(
          "sluice: %s: a crawl would not follow the redirect to it: %s%n",
          Echo.of(page.url()), refusal.word());
      err.flush();
    }
  }

  /** Tells the user if {@code parser.heap} makes a crawl cut pages earlier than the config says. */
  private void noteCut(SluiceConfig settings, SluiceConfig fitted) throws CannotStart {
    if (fitted.parser().maxInflatedBytes() < settings.parser().maxInflatedBytes()) {
      PrintWriter err = spec.commandLine().getErr();
      String line = MemoryLimit.ofParser(settings, settings.parser().heapBytes()).line();
      err.printf("sluice: %s%n", line);
      err.flush();
    }
  }

  private static Page fetched(SluiceConfig settings, Url url)
      throws CannotStart, InterruptedException {
    return switch (OneFetch.fetch(settings, url)) {
      case OneFetch.Result.Fetched(Page page) -> page;
      case OneFetch.Result.Refused(String asked, String reason) -> {
        throw new CannotStart(
            "%s: was not fetched: %s%s"
                .formatted(Echo.of(asked), reason, RefusingKey.clause(reason)));
      }
    };
  }
}
