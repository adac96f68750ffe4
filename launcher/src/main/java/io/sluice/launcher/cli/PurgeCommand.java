package io.sluice.launcher.cli;

import io.sluice.core.members.MemberReader;
import io.sluice.core.purge.LineJudge;
import io.sluice.core.resource.ResourceLedger;
import io.sluice.frontier.FrontierView;
import io.sluice.frontier.StoppedFrontier;
import io.sluice.frontier.crawllog.CrawlLogReader;
import io.sluice.frontier.inspect.ShardView;
import io.sluice.frontier.queue.HostQueue;
import io.sluice.frontier.repair.ShardPurge;
import io.sluice.launcher.process.CannotStart;
import io.sluice.launcher.process.CrawlFiles;
import io.sluice.launcher.progress.Amounts;
import io.sluice.launcher.supervise.CrawlLock;
import io.sluice.parser.purge.OutputPurge;
import io.sluice.parser.slot.OutputDirs;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code sluice purge}: removes a host from a crawl. Confined to the main thread. */
@Command(
    name = "purge",
    description = "Remove a host from a stopped crawl: from its queues and from its output.",
    footer = {
      "",
      "Only the named host is purged, not its subdomains. Links to it may be found again: "
          + "exclude it in the config (scope.exclude) before you continue the crawl."
    },
    mixinStandardHelpOptions = true)
final class PurgeCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Parameters(index = "0", paramLabel = "HOST", description = "As written in URLs: www.example.org")
  private String name;

  @Parameters(
      index = "1",
      paramLabel = "DIR",
      description = "The crawl's directory, or its CONFIG.",
      converter = CrawlDirConverter.class)
  private Path dir;

  @Option(names = "--dry-run", description = "Count what would be removed, and change nothing.")
  private boolean dryRun;

  @SuppressWarnings("NullAway.Init") // picocli sets the fields before anything runs
  PurgeCommand() {}

  @Override
  public Integer call() throws CannotStart {
    String host = CrawlDir.host(name);
    return CrawlDir.look(
        dir,
        frontier -> {
          refuseUnknown(frontier, host);
          OutputDirs output = OutputDirs.of(dir, new ResourceLedger());
          if (dryRun) {
            report(host, count(frontier, host), OutputPurge.purge(output, host, true));
            return 0;
          }
          try (CrawlLock _ = CrawlLock.take(new CrawlFiles(dir));
              StoppedFrontier stopped = StoppedFrontier.take(dir, new ResourceLedger())) {
            refuseIncomplete(output);
            ShardPurge.Result queues = stopped.purge(host, InstantSource.system());
            report(host, queues, OutputPurge.purge(output, host, false));
          }
          return 0;
        });
  }

  private void refuseUnknown(FrontierView frontier, String host) throws IOException, CannotStart {
    try (ShardView shard = frontier.shard(frontier.shardOf(host))) {
      if (shard.host(host) == null && countLines(shard, host) == 0) {
        throw new CannotStart(
            host
                + ": the frontier has never had a URL of this host; its subdomains are separate"
                + " hosts");
      }
    }
  }

  private static void refuseIncomplete(OutputDirs output) throws IOException, CannotStart {
    List<Path> incomplete = OutputPurge.incomplete(output);
    if (!incomplete.isEmpty()) {
      throw new CannotStart(
          "%s: is not complete: a parser is working on it, or was killed; run the crawl and stop it cleanly first"
              .formatted(incomplete.getFirst()));
    }
  }

  private ShardPurge.Result count(FrontierView frontier, String host) throws IOException {
    try (ShardView shard = frontier.shard(frontier.shardOf(host))) {
      long lines = countLines(shard, host);
      HostQueue queue = shard.host(host);
      return queue == null
          ? new ShardPurge.Result(0, 0, 0, 0, lines)
          : new ShardPurge.Result(
              queue.size(),
              shard.retries(queue).size(),
              shard.planned(host),
              queue.leases(),
              lines);
    }
  }

  private long countLines(ShardView shard, String host) throws IOException {
    Path log = CrawlLogReader.file(shard.files().crawlLogs(), shard.number());
    LineJudge judge = ShardPurge.logJudge(host);
    if (Files.exists(log)) {
      try (MemberReader members = MemberReader.open(log, new CrawlFiles(dir).brief())) {
        while (members.next() && members.start() < shard.crawlLogLength()) {
          judge.judge(members);
        }
      }
    }
    return judge.found();
  }

  private void report(String host, ShardPurge.Result queues, OutputPurge.Result output) {
    PrintWriter out = spec.commandLine().getOut();
    out.printf("%s: %s%n", host, dryRun ? "would be removed" : "removed");
    row(out, "queued URLs", queues.queued());
    row(out, "retries", queues.retries());
    row(out, "planned revisits", queues.planned());
    row(out, "crawl log lines", queues.logLines());
    row(out, "pages", output.pages());
    row(out, "WARC records", output.records());
    row(out, "output files", output.files());
    if (queues.leases() > 0) {
      spec.commandLine()
          .getErr()
          .printf(
              "sluice: %s: %s of its pages are with the parsers and will be written to the output"
                  + " when the crawl continues; stop the crawl after that and purge again%n",
              host, Amounts.count(queues.leases()));
    }
  }

  private static void row(PrintWriter out, String what, long count) {
    out.printf("  %-16s %s%n", what, Amounts.count(count));
  }
}
