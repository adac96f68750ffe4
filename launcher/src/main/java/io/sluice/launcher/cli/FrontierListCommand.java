package io.sluice.launcher.cli;

import io.sluice.core.config.Echo;
import io.sluice.frontier.FrontierView;
import io.sluice.frontier.inspect.HostFacts;
import io.sluice.frontier.inspect.ShardView;
import io.sluice.frontier.queue.HostQueue;
import io.sluice.frontier.queue.QueueClass;
import io.sluice.frontier.queue.QueuedUrl;
import io.sluice.launcher.process.CannotStart;
import io.sluice.launcher.process.RefusingKey;
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

/** {@code sluice frontier list}: lists the URLs queued at a host. Confined to the main thread. */
@Command(
    name = "list",
    description =
        "Show the state of a host and its URLs, in the order in which they will be visited, then"
            + " those that today's settings refuse.",
    mixinStandardHelpOptions = true)
final class FrontierListCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Parameters(index = "0", paramLabel = "HOST", description = "As written in URLs: www.example.org")
  private String name;

  @Parameters(
      index = "1",
      paramLabel = "DIR",
      description = "The crawl's directory, or its CONFIG.",
      converter = CrawlDirConverter.class)
  private Path dir;

  @Option(
      names = "--limit",
      paramLabel = "N",
      defaultValue = "100",
      description = "Maximum number of URLs to show; 0 for all. Default: ${DEFAULT-VALUE}")
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
        throw CrawlDir.unknownHost(wanted);
      }
      PrintWriter out = spec.commandLine().getOut();
      HostFacts facts = HostFacts.of(shard, host);
      out.println(HostText.counts(facts));
      out.println(HostText.state(facts));
      listQueued(shard, host, out);
      if (facts.queued() + facts.setAside() > shown) {
        out.printf("… and %s more%n", Amounts.count(facts.queued() + facts.setAside() - shown));
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

  private void listQueued(ShardView shard, HostQueue host, PrintWriter out) throws IOException {
    shard.visit(
        host,
        (of, packed) -> {
          if (limit > 0 && shown == limit) {
            return false;
          }
          shown++;
          QueuedUrl url = packed.unpack();
          if (of == QueueClass.SET_ASIDE) {
            out.println("set aside: " + reason(url) + "  " + columns(url));
          } else {
            String priority = url.labels().priority().word();
            out.print("%7d  %-6s  %s%n".formatted(shown, priority, columns(url)));
          }
          return true;
        });
  }

  /** Returns why a URL was set aside, and the setting responsible. */
  static String reason(QueuedUrl setAside) {
    String word = String.valueOf(setAside.reason());
    return "%s (%s)".formatted(word, RefusingKey.of(word));
  }

  private static String columns(QueuedUrl url) {
    return "depth %d  attempts %d  %s"
        .formatted(url.depth(), url.attempts(), Echo.whole(url.href()));
  }
}
