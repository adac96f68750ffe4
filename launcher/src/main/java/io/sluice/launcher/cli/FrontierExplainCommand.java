package io.sluice.launcher.cli;

import io.sluice.core.config.ConfigLoader;
import io.sluice.core.config.Echo;
import io.sluice.core.config.LoadResult;
import io.sluice.core.config.SluiceConfig;
import io.sluice.core.lease.UrlEnd;
import io.sluice.core.url.Domains;
import io.sluice.core.url.Url;
import io.sluice.frontier.crawllog.CrawlLogReader.Entry;
import io.sluice.frontier.hold.HostState.GivenUp;
import io.sluice.frontier.inspect.Explain;
import io.sluice.frontier.inspect.Explanation;
import io.sluice.frontier.inspect.Explanation.Fate;
import io.sluice.frontier.inspect.HostFacts;
import io.sluice.frontier.inspect.ScopeVerdict;
import io.sluice.frontier.queue.QueuedUrl;
import io.sluice.launcher.process.CannotStart;
import io.sluice.launcher.process.CrawlFiles;
import io.sluice.launcher.process.RefusingKey;
import io.sluice.launcher.progress.Amounts;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code sluice frontier explain}: reports the fate of a URL. Confined to the main thread. */
@Command(
    name = "explain",
    description = "Show what the frontier knows about a URL.",
    mixinStandardHelpOptions = true)
final class FrontierExplainCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Parameters(index = "0", paramLabel = "URL", description = "Absolute, http or https.")
  private String text;

  @Parameters(
      index = "1",
      paramLabel = "DIR",
      description = "The crawl's directory, or its CONFIG.")
  private String place;

  @Option(
      names = "--config",
      paramLabel = "CONFIG",
      description =
          "The config file whose scope judges the URL. Default: CONFIG if DIR is one, else the"
              + " config of the last run.")
  private @Nullable Path configFile;

  @Option(
      names = "--depth",
      paramLabel = "N",
      description =
          "Links from a seed. Default: the URL's depth in the frontier, or 0 if it was never seen")
  private @Nullable Integer depth;

  @SuppressWarnings("NullAway.Init") // picocli sets the fields before anything runs
  FrontierExplainCommand() {}

  @Override
  public Integer call() throws CannotStart {
    Url url = CrawlDir.url(text);
    Path yaml = CrawlDirConverter.config(place);
    SluiceConfig ofPlace = yaml == null ? null : ConfigFile.load(yaml);
    Path dir = ofPlace == null ? Path.of(place) : ofPlace.crawl().dir();
    SluiceConfig config = configFile == null ? ofPlace : ConfigFile.load(configFile);
    return CrawlDir.look(
        dir,
        frontier -> {
          PrintWriter out = spec.commandLine().getOut();
          out.println(url.href());
          Explanation explanation = Explain.url(frontier, url);
          tell(explanation, out);
          if (config != null) {
            out.println(verdict(url, explanation, config, "the config"));
          } else if (!(explanation.fate() instanceof Fate.Done)) {
            out.println(ofLastRun(url, explanation, new CrawlFiles(dir).lastConfig()));
          }
          return 0;
        });
  }

  /** Returns the verdict on a URL by the scope in the last run's config. */
  private String ofLastRun(Url url, Explanation explanation, Path file) throws IOException {
    return switch (Files.exists(file) ? ConfigLoader.load(file, Map.of(), 1) : null) {
      case null ->
          "scope: unknown; name the config whose scope judges the URL with --config CONFIG";
      case LoadResult.Loaded(SluiceConfig config) ->
          verdict(url, explanation, config, "the last run's config");
      case LoadResult.Invalid invalid ->
          "scope: the last run's config no longer loads (%s); name another with --config CONFIG"
              .formatted(invalid.problems().getFirst());
    };
  }

  private static void tell(Explanation explanation, PrintWriter out) {
    HostFacts host = explanation.host();
    switch (explanation.fate()) {
      case Fate.NeverSeen() ->
          out.println(
              "never seen: it was never offered, or it was refused as a link (most refused links"
                  + " are only counted)");
      case Fate.Queued(QueuedUrl url, long position) -> {
        out.printf(
            "%s: number %s of %s at its host, priority %s%n",
            host != null && host.state() instanceof GivenUp
                ? "rests because its host was given up"
                : "queued",
            Amounts.count(position),
            Amounts.count(host == null ? position : host.queued()),
            url.labels().priority().word());
        origin(url, out);
      }
      case Fate.SetAside(QueuedUrl url) -> {
        out.printf(
            "set aside: today's settings refuse it, %s; it is judged again when they change%n",
            FrontierListCommand.reason(url));
        origin(url, out);
      }
      case Fate.WaitsForRetry(QueuedUrl url, Duration after) -> {
        out.printf("waiting for a retry, for at least %s%n", Amounts.time(after));
        origin(url, out);
      }
      case Fate.Leased leased -> {
        out.printf(
            "leased: lease %s is out; the URL is being visited, or a parser owes the outcome%n",
            leased.lease());
        origin(leased.url(), out);
      }
      case Fate.Done(Entry line, Instant next) -> {
        ended("done", line, out);
        if (next != null) {
          out.println("  next      " + next);
        }
      }
      case Fate.RefusedSeed(Entry line) -> ended("refused as a seed", line, out);
      case Fate.SeenOnly() ->
          out.println(
              "seen, but according to the files neither waiting nor ended: what they said about it"
                  + " is lost");
    }
    if (host != null) {
      out.println("  host      " + HostText.counts(host));
      out.println("  state     " + HostText.state(host));
    }
  }

  private static void ended(String how, Entry line, PrintWriter out) {
    out.printf(
        "%s: %s, %s%s, at %s%n",
        how,
        line.end().ending().word(),
        Echo.of(line.end().reason()),
        line.end().status() == 0 ? "" : ", status " + line.end().status(),
        line.end().at());
    origin(line.url(), out);
    UrlEnd.Target target = line.end().target();
    if (target != null) {
      String refused = target.refused();
      out.println("  target    " + Echo.whole(target.href()));
      out.println(
          refused == null
              ? "            it was offered to the crawl"
              : "            the crawl refused it: %s (%s)"
                  .formatted(Echo.of(refused), RefusingKey.of(refused)));
    }
  }

  private static void origin(QueuedUrl url, PrintWriter out) {
    out.printf("  depth     %d%n  attempts  %d%n", url.depth(), url.attempts());
    if (url.reason() != null) {
      out.println("  put off   " + Echo.of(url.reason()));
    }
    if (url.labels().tag() != null) {
      out.println("  tag       " + url.labels().tag());
    }
    out.println("  via       " + (url.via() == null ? "- (a seed)" : Echo.whole(url.via())));
    for (String redirect : url.redirects()) {
      out.println("  redirect  " + Echo.whole(redirect));
    }
  }

  private String verdict(Url url, Explanation explanation, SluiceConfig config, String whose)
      throws IOException {
    int judged = depth == null ? explanation.depth() : depth;
    Set<String> admitted = new HashSet<>(explanation.admitted());
    if (SeedsFileDomains.admit(url, config)) {
      admitted.add(Domains.registeredDomain(url.host()));
    }
    HostFacts host = explanation.host();
    long pages = host == null ? 0 : host.pages();
    ScopeVerdict verdict = ScopeVerdict.of(url, judged, config, admitted, pages);
    String as = verdict.href().equals(url.href()) ? "" : " as " + Echo.whole(verdict.href());
    if (verdict.key() != null) {
      return "scope: %s refuses it%s at depth %d: %s (%s)"
          .formatted(whose, as, judged, verdict.word(), verdict.key());
    }
    String but =
        depth == null && explanation.fate() instanceof Fate.NeverSeen
            ? "; --depth=N judges it as N links from a seed (scope.max-depth=%d)"
                .formatted(config.scope().maxDepth())
            : unlessTheFetcherRefuses(explanation.fate());
    return "scope: %s takes it%s at depth %d%s".formatted(whose, as, judged, but);
  }

  /**
   * Returns a caveat for a URL set aside for a reason that the scope cannot check; empty otherwise.
   */
  private static String unlessTheFetcherRefuses(Fate fate) {
    return fate instanceof Fate.SetAside(QueuedUrl url) && !ScopeVerdict.judges(url.reason())
        ? "; but what refused it, %s, is known only when it is visited"
            .formatted(FrontierListCommand.reason(url))
        : "";
  }
}
