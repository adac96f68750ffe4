package io.sluice.bench.frontier;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** The command {@code bench/frontier}. Confined to the main thread. */
@Command(
    name = "bench/frontier",
    description = {
      "Offers, leases and settles at full size, beside RocksDB used as URLFrontier uses it and H2's"
          + " MVStore: the same URLs, heap and flags for each. Prints tables as Markdown.",
      "",
      "A whole run needs some 100 GB of disk and hours, most of them for loading the other two:"
          + " see --only, --urls and --budget. Linux only."
    },
    mixinStandardHelpOptions = true)
public final class FrontierBenchmark implements Callable<Integer> {

  private final List<String> arguments;
  @Mixin private final Options options = new Options();

  private FrontierBenchmark(List<String> arguments) {
    this.arguments = arguments;
  }

  /** Runs the benchmark. */
  public static void main(String[] args) {
    CommandLine line = new CommandLine(new FrontierBenchmark(List.of(args)));
    System.exit(line.setCaseInsensitiveEnumValuesAllowed(true).execute(args));
  }

  @Override
  public Integer call() throws Exception {
    Contender.Kind[] kinds = options.only == null ? Contender.Kind.values() : options.only;
    Path work = workDirectory();
    Map<Contender.Kind, Map<String, Measurement>> results = new EnumMap<>(Contender.Kind.class);
    for (Contender.Kind kind : kinds) {
      Path directory = work.resolve(kind.name());
      refuseIfPresent(directory);
      results.put(kind, new ContenderRun(kind, directory, options, arguments).run());
      if (!options.keep) {
        delete(directory);
      }
    }
    System.out.println(new Report(options, results).markdown());
    return 0;
  }

  private Path workDirectory() throws IOException {
    return options.directory == null
        ? Files.createTempDirectory("bench-frontier")
        : Files.createDirectories(options.directory);
  }

  private static void refuseIfPresent(Path directory) throws IOException {
    if (Files.exists(directory)) {
      throw new IOException(directory + ": is there already; delete it or name another --dir");
    }
  }

  private static void delete(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
