package io.sluice.launcher.cli;

import io.sluice.core.config.HostRules;
import io.sluice.core.config.SluiceConfig;
import io.sluice.frontier.FrontierView;
import io.sluice.frontier.inspect.PolitenessFacts;
import io.sluice.frontier.inspect.PolitenessReport;
import io.sluice.frontier.inspect.ShardView;
import io.sluice.frontier.queue.HostQueue;
import io.sluice.launcher.process.CannotStart;
import io.sluice.launcher.progress.Amounts;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code sluice report}: reports on a crawl, from its files. Confined to the main thread. */
@Command(
    name = "report",
    description =
        "Show how a crawl treated its hosts, from its log and journal, for instance to answer a"
            + " complaint.",
    mixinStandardHelpOptions = true)
final class ReportCommand implements Callable<Integer> {

  private static final String ROW = "%-40s %9s %12s %12s %12s %12s%n";

  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "DIR",
      description = "The crawl's directory, or its CONFIG.",
      converter = CrawlDirConverter.class)
  private Path dir;

  @Option(
      names = "--politeness",
      required = true,
      description =
          "For each host: requests, the shortest and the median time from the end of one to the"
              + " start of the next, the delay in force, and how often Retry-After was obeyed.")
  @SuppressWarnings("UnusedVariable") // the only report so far; picocli enforces the option
  private boolean politeness;

  @Option(names = "--host", paramLabel = "HOST", description = "Only this host.")
  private @Nullable String host;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "The crawl's config; without it only the crawl-delays of robots.txt are known.")
  private @Nullable Path config;

  @SuppressWarnings("NullAway.Init") // picocli sets spec and dir before anything runs
  ReportCommand() {}

  @Override
  public Integer call() throws CannotStart {
    SluiceConfig settings = config == null ? null : ConfigFile.load(config);
    String only = host == null ? null : CrawlDir.host(host);
    HostRules rules = settings == null ? null : HostRules.of(settings);
    return CrawlDir.look(dir, frontier -> show(frontier, only, rules));
  }

  private int show(FrontierView frontier, @Nullable String only, @Nullable HostRules rules)
      throws IOException, CannotStart {
    PrintWriter out = spec.commandLine().getOut();
    int[] shown = new int[1];
    new PolitenessReport(only)
        .read(
            frontier,
            (shard, facts) -> {
              if (shown[0]++ == 0) {
                out.printf(
                    ROW, "host", "requests", "least gap", "median gap", "delay", "Retry-After");
              }
              row(shard, facts, rules, out);
            });
    if (shown[0] == 0) {
      throw new CannotStart(
          only == null
              ? dir + ": no requests are on record; the crawl has not made any yet"
              : only
                  + ": no requests are on record; this host never received a request, or only under"
                  + " another name");
    }
    return 0;
  }

  private static void row(
      ShardView shard, PolitenessFacts facts, @Nullable HostRules rules, PrintWriter out) {
    HostQueue known = shard.host(facts.host());
    Duration delay = known == null ? Duration.ZERO : known.crawlDelay();
    if (rules != null && rules.settingsOf(facts.host()).delay().compareTo(delay) > 0) {
      delay = rules.settingsOf(facts.host()).delay();
    }
    out.printf(
        ROW,
        facts.host(),
        Amounts.count(facts.requests()),
        time(facts.leastGap()),
        time(facts.medianGap()),
        rules == null && delay.isZero() ? "-" : time(delay),
        facts.rests() == 0 ? "-" : facts.restsObeyed() + " of " + facts.rests());
  }

  /** Formats a time in seconds with milliseconds, so that columns can be compared. */
  private static String time(@Nullable Duration time) {
    return time == null ? "-" : "%d.%03d s".formatted(time.toSeconds(), time.toMillisPart());
  }
}
