package io.sluice.launcher.cli;

import io.sluice.frontier.FrontierView;
import io.sluice.frontier.inspect.ShardStats;
import io.sluice.frontier.inspect.ShardView;
import io.sluice.launcher.process.CannotStart;
import java.io.IOException;
import java.io.PrintWriter;
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

/** {@code sluice frontier stats}: prints a frontier's numbers. Confined to the main thread. */
@Command(
    name = "stats",
    description = "Show what a frontier holds, in total and by shard.",
    mixinStandardHelpOptions = true)
final class FrontierStatsCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "DIR",
      description = "The crawl's directory, or its CONFIG.",
      converter = CrawlDirConverter.class)
  private Path dir;

  @Option(names = "--json", description = "Print one JSON object instead of a table.")
  private boolean json;

  @SuppressWarnings("NullAway.Init") // picocli sets spec and dir before anything runs
  FrontierStatsCommand() {}

  @Override
  public Integer call() throws CannotStart {
    return CrawlDir.look(dir, this::show);
  }

  private int show(FrontierView frontier) throws IOException {
    @Nullable String owner = frontier.owner();
    List<ShardStats> shards = new ArrayList<>();
    for (int number = 0; number < frontier.shards(); number++) {
      try (ShardView shard = frontier.shard(number)) {
        shards.add(shard.stats());
      }
    }
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      FrontierStatsJson.write(owner, shards, out);
    } else {
      FrontierStatsTable.write(owner, shards, out);
    }
    return 0;
  }
}
