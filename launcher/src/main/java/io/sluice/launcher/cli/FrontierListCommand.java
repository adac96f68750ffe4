package io.sluice.launcher.cli;

import io.sluice.core.config.Echo;
import io.sluice.frontier.FrontierView;
import io.sluice.frontier.inspect.Explain;
import io.sluice.frontier.inspect.Explanation.HostFacts;
import io.sluice.frontier.queue.HostQueue;
import io.sluice.frontier.queue.QueuedUrl;
import io.sluice.frontier.shard.ShardView;
import io.sluice.launcher.process.CannotStart;
import io.sluice.launcher.progress.Amounts;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code sluice frontier list}: what waits at a host. Confined to the main thread. */
@Command(
    name = "list",
    description = "List the URLs that wait at a host, in the order in which they will be visited.",
    mixinStandardHelpOptions = true)
final class FrontierListCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Parameters(index = "0", paramLabel = "HOST", description = "As URLs have it: www.example.org")
  private String name;

  @Parameters(index = "1", paramLabel = "DIR", description = "The crawl's directory.")
  private Path dir;

  @Option(
      names = "--limit",
      paramLabel = "N",
      defaultValue = "100",
      description = "URLs to show at most; 0 for all. Default: ${DEFAULT-VALUE}")
  private long limit;

  private long shown;

  @SuppressWarnings("NullAway.Init") // picocli sets the fields before anything runs
  FrontierListCommand() {}

  @Override
  public Integer call() throws CannotStart {
    String host = CrawlDir.host(name);
    return CrawlDir.look(dir, frontier -> list(frontier, host));
  }

  private int list(FrontierView frontier, String wanted) throws IOException, CannotStart {
    if (limit < 0) {
      throw new CannotStart("--limit=" + limit + ": must be 0 or more; 0 shows all");
    }
    try (ShardView shard = frontier.shard(frontier.shardOf(wanted))) {
      HostQueue host = shard.host(wanted);
      if (host == null) {
        throw new CannotStart(wanted + ": the frontier has no URL of this host and never had");
      }
      PrintWriter out = spec.commandLine().getOut();
      HostFacts facts = Explain.facts(shard, host);
      out.println(sentence(facts));
      listQueued(shard, host, out);
      if (facts.queued() > shown) {
        out.printf("… and %s more%n", Amounts.count(facts.queued() - shown));
      }
      for (ShardView.Retry retry : shard.retries(host)) {
        String wait = Amounts.time(retry.after());
        out.println("retry after " + wait + "  " + columns(retry.url()));
      }
      for (ShardView.Leased lease : shard.leases(host)) {
        out.println(
            "lease " + shard.number() + "-" + lease.sequence() + "  " + columns(lease.url()));
      }
      out.flush();
      return 0;
    }
  }

  /** What is known of a host, on one line. */
  static String sentence(HostFacts facts) {
    String delay =
        facts.crawlDelay().isZero()
            ? "no crawl-delay known"
            : "crawl-delay " + Amounts.time(facts.crawlDelay());
    return "%s: %s queued, %s to retry, %s leased, %s pages; %s"
        .formatted(
            Echo.whole(facts.name()),
            Amounts.count(facts.queued()),
            Amounts.count(facts.retries()),
            Amounts.count(facts.leases()),
            Amounts.count(facts.pages()),
            delay);
  }

  private void listQueued(ShardView shard, HostQueue host, PrintWriter out) throws IOException {
    shard.visit(
        host,
        (_, packed) -> {
          if (limit > 0 && shown == limit) {
            return false;
          }
          shown++;
          QueuedUrl url = packed.unpack();
          String priority = url.labels().priority().word();
          out.print("%7d  %-6s  %s%n".formatted(shown, priority, columns(url)));
          return true;
        });
  }

  private static String columns(QueuedUrl url) {
    return "depth %d  attempts %d  %s"
        .formatted(url.depth(), url.attempts(), Echo.whole(url.href()));
  }
}
