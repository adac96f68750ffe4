package io.sluice.launcher.cli;

import io.sluice.core.config.Echo;
import io.sluice.core.config.SluiceConfig;
import io.sluice.core.url.Url;
import io.sluice.frontier.crawllog.CrawlLogReader.Entry;
import io.sluice.frontier.inspect.Explain;
import io.sluice.frontier.inspect.Explanation;
import io.sluice.frontier.inspect.ScopeVerdict;
import io.sluice.frontier.queue.QueuedUrl;
import io.sluice.launcher.process.CannotStart;
import io.sluice.launcher.progress.Amounts;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code sluice frontier explain}: what became of a URL. Confined to the main thread. */
@Command(
    name = "explain",
    description = "Say what the frontier knows of a URL.",
    mixinStandardHelpOptions = true)
final class FrontierExplainCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Parameters(index = "0", paramLabel = "URL", description = "Absolute, http or https.")
  private String text;

  @Parameters(index = "1", paramLabel = "DIR", description = "The crawl's directory.")
  private Path dir;

  @Option(
      names = "--config",
      paramLabel = "CONFIG",
      description = "The crawl's YAML: says whether its scope takes a URL that was never seen.")
  private @Nullable Path configFile;

  @Option(
      names = "--depth",
      paramLabel = "N",
      defaultValue = "0",
      description = "With --config: links from a seed. Default: ${DEFAULT-VALUE}")
  private int depth;

  @SuppressWarnings("NullAway.Init") // picocli sets the fields before anything runs
  FrontierExplainCommand() {}

  @Override
  public Integer call() throws CannotStart {
    Url url = CrawlDir.url(text);
    SluiceConfig config = configFile == null ? null : ConfigFile.load(configFile);
    return CrawlDir.look(
        dir,
        frontier -> {
          PrintWriter out = spec.commandLine().getOut();
          out.println(url.href());
          explain(Explain.url(frontier, url), out);
          if (config != null) {
            out.println(verdict(url, config));
          }
          return 0;
        });
  }

  private static void explain(Explanation explanation, PrintWriter out) {
    switch (explanation) {
      case Explanation.NeverSeen() ->
          out.println(
              "never seen: it was not offered, or refused as a link (which is counted only)");
      case Explanation.Queued queued -> {
        out.printf(
            "queued: number %s of %s at its host, priority %s%n",
            Amounts.count(queued.position()),
            Amounts.count(queued.host().queued()),
            queued.url().labels().priority().word());
        origin(queued.url(), out);
        out.println("  host      " + FrontierListCommand.sentence(queued.host()));
      }
      case Explanation.WaitsForRetry retry -> {
        out.printf("waits for a retry, %s at least%n", Amounts.time(retry.after()));
        origin(retry.url(), out);
        out.println("  host      " + FrontierListCommand.sentence(retry.host()));
      }
      case Explanation.Leased leased -> {
        out.printf(
            "leased: lease %s is out; the URL is being visited, or a parser owes the outcome%n",
            leased.lease());
        origin(leased.url(), out);
      }
      case Explanation.Done(Entry line, Instant next) -> {
        ended("done", line, out);
        if (next != null) {
          out.println("  next      " + next);
        }
      }
      case Explanation.RefusedSeed(Entry line) -> ended("refused as a seed", line, out);
      case Explanation.SeenOnly() ->
          out.println(
              "seen, neither waiting nor ended as far as the files say: what they had of it is"
                  + " lost");
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
  }

  private static void origin(QueuedUrl url, PrintWriter out) {
    out.printf("  depth     %d%n  attempts  %d%n", url.depth(), url.attempts());
    if (url.labels().tag() != null) {
      out.println("  tag       " + url.labels().tag());
    }
    out.println("  via       " + (url.via() == null ? "- (a seed)" : Echo.whole(url.via())));
    for (String redirect : url.redirects()) {
      out.println("  redirect  " + Echo.whole(redirect));
    }
  }

  private String verdict(Url url, SluiceConfig config) throws IOException {
    ScopeVerdict verdict = ScopeVerdict.of(url, depth, config);
    String as = verdict.href().equals(url.href()) ? "" : " as " + Echo.whole(verdict.href());
    return verdict.key() == null
        ? "scope: the config takes it" + as
        : "scope: the config refuses it%s: %s (%s)".formatted(as, verdict.word(), verdict.key());
  }
}
