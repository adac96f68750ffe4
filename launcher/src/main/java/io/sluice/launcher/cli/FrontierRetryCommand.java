package io.sluice.launcher.cli;

import io.sluice.core.config.Echo;
import io.sluice.core.resource.ResourceLedger;
import io.sluice.frontier.FrontierView;
import io.sluice.frontier.RetryFilter;
import io.sluice.frontier.StoppedFrontier;
import io.sluice.frontier.inspect.ShardView;
import io.sluice.frontier.repair.ShardRetry;
import io.sluice.launcher.process.CannotStart;
import io.sluice.launcher.process.CrawlFiles;
import io.sluice.launcher.progress.Amounts;
import io.sluice.launcher.supervise.CrawlLock;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * {@code sluice frontier retry}: requeues failed URLs and takes back hosts that were given up.
 * Confined to the main thread.
 */
@Command(
    name = "retry",
    description =
        "Queue again what was given up or failed: at once in a running crawl, at the next start of"
            + " a stopped one.",
    footer = {
      "",
      "Hosts that were given up get their full patience back, and the URLs that rest there are"
          + " queued. Of the URLs that ended, those whose last line in the crawl log says failed"
          + " are queued. --reason server-error also queues error pages (5xx), each of which then"
          + " has a second record in the output."
    },
    mixinStandardHelpOptions = true)
final class FrontierRetryCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "DIR",
      description = "The crawl's directory, or its CONFIG.",
      converter = CrawlDirConverter.class)
  private Path dir;

  @Option(
      names = "--reason",
      paramLabel = "REASON",
      description =
          "Only what was given up or failed for this reason, such as dns-timeout; server-error"
              + " takes error pages, too.")
  private @Nullable String reason;

  @Option(
      names = "--host",
      paramLabel = "HOST",
      description = "Only this host, as written in URLs: www.example.org")
  private @Nullable String host;

  @SuppressWarnings("NullAway.Init") // picocli sets the fields before anything runs
  FrontierRetryCommand() {}

  @Override
  public Integer call() throws CannotStart {
    if (reason != null && !reason.matches("[a-z0-9-]+")) {
      throw new CannotStart(
          "--reason=%s: must be a reason from the crawl log such as dns-timeout; see docs/outcomes.md"
              .formatted(Echo.of(reason)));
    }
    RetryFilter filter = new RetryFilter(reason, host == null ? null : CrawlDir.host(host));
    return CrawlDir.look(dir, frontier -> retry(frontier, filter));
  }

  private int retry(FrontierView frontier, RetryFilter filter) throws IOException, CannotStart {
    CrawlFiles files = new CrawlFiles(dir);
    RunningRetry running = new RunningRetry(frontier, files.control(), filter);
    ShardRetry.Result result;
    if (running.run()) {
      result = new ShardRetry.Result(running.hosts(), running.queued());
    } else {
      try (CrawlLock _ = CrawlLock.take(files);
          StoppedFrontier stopped = StoppedFrontier.take(dir, new ResourceLedger())) {
        result = stopped.retry(filter);
      }
    }
    if (filter.host() != null && result.equals(ShardRetry.Result.NOTHING)) {
      refuseUnknownHost(frontier, filter.host());
    }
    report(result, running.refused());
    return 0;
  }

  private static void refuseUnknownHost(FrontierView frontier, String name)
      throws IOException, CannotStart {
    try (ShardView shard = frontier.shard(frontier.shardOf(name))) {
      if (shard.host(name) == null) {
        throw CrawlDir.unknownHost(name);
      }
    }
  }

  private void report(ShardRetry.Result result, long refused) {
    PrintWriter out = spec.commandLine().getOut();
    out.printf(
        "%s: queued again: %s with %s that were given up, %s that %s%n",
        Echo.of(dir.toString()),
        Amounts.count(result.hosts().hosts(), "host"),
        Amounts.count(result.hosts().urls(), "URL"),
        Amounts.count(result.failed(), "URL"),
        ended());
    if (refused > 0) {
      out.printf(
          "  not queued: %s that %s, which the crawl's settings refuse now%n",
          Amounts.count(refused, "URL"), ended());
    }
  }

  private String ended() {
    return reason == null ? "failed" : "ended by " + reason;
  }
}
