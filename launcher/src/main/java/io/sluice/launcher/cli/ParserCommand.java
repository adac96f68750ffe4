package io.sluice.launcher.cli;

import io.sluice.core.config.SluiceConfig;
import io.sluice.core.resource.HostName;
import io.sluice.launcher.process.ParserProcess;
import io.sluice.launcher.process.ProcessOptions;
import java.nio.file.Path;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code sluice parser}: one parser process alone. Confined to the main thread. */
@Command(
    name = "parser",
    description = "Run a parser process of a crawl, until it is stopped. Needs a Redis server.",
    mixinStandardHelpOptions = true)
final class ParserCommand implements Callable<Integer> {

  @Parameters(
      paramLabel = "CONFIG",
      description = "The crawl's config file (YAML); config/crawler.yaml documents every key.")
  private Path file;

  @Option(
      names = "--name",
      paramLabel = "NAME",
      description = "The process's name in logs and reports. Default: parser-HOST-PID")
  private @Nullable String name;

  @Option(
      names = "--supervised",
      hidden = true,
      description = "Stop when standard input ends; leave progress and Ctrl-C to the supervisor.")
  private boolean supervised;

  @SuppressWarnings("NullAway.Init") // picocli sets file before anything runs
  ParserCommand() {}

  @Override
  public Integer call() throws Exception {
    SluiceConfig config = StandaloneRedis.require(ConfigFile.load(file));
    String unique = name == null ? uniqueName() : name;
    return ParserProcess.run(config, new ProcessOptions(unique, supervised)).status();
  }

  /**
   * Returns a name from host and pid. The pid alone is not enough: in containers that share a crawl
   * directory, every pid is 1.
   */
  private static String uniqueName() {
    String host = HostName.orElse(UUID.randomUUID().toString());
    return "parser-%s-%d".formatted(host, ProcessHandle.current().pid());
  }
}
