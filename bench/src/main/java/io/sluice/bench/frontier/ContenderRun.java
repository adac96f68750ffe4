package io.sluice.bench.frontier;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * The three processes of one contender, run one after another on one directory. Owns each process
 * that it starts, and kills it whether it succeeds or fails. Confined to the main thread.
 */
final class ContenderRun {

  /** Flags of every contender's JVM; collector and object headers are those of a crawl. */
  private static final List<String> FLAGS =
      List.of(
          "-XX:+UseSerialGC",
          "-Xmn100m",
          "-XX:+UseCompactObjectHeaders",
          "-XX:-UsePerfData",
          "--enable-native-access=ALL-UNNAMED",
          "--sun-misc-unsafe-memory-access=allow");

  private final Contender.Kind kind;
  private final Path directory;
  private final Path log;
  private final Options options;
  private final List<String> arguments;
  private final Map<String, Measurement> measurements = new LinkedHashMap<>();

  /**
   * @param directory the contender's directory; its log is written beside it
   * @param arguments the command line that the options were parsed from
   */
  ContenderRun(Contender.Kind kind, Path directory, Options options, List<String> arguments) {
    this.kind = kind;
    this.directory = directory;
    this.log = directory.resolveSibling(kind + ".log");
    this.options = options;
    this.arguments = List.copyOf(arguments);
  }

  /** Runs the three processes; returns the measurements by phase, without those after a failure. */
  Map<String, Measurement> run() throws IOException, InterruptedException {
    if (finish(start("fill", 0)) && killAtWork(start("reopen", urls()))) {
      finish(start("recover", urls()));
    }
    return measurements;
  }

  private long urls() {
    return measurements.values().stream().mapToLong(Measurement::urls).max().orElse(0);
  }

  private Process start(String part, long urls) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Xmx" + options.heap);
    command.addAll(FLAGS);
    if (options.jvm != null) {
      command.addAll(Arrays.asList(options.jvm));
    }
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add(ContenderProcess.class.getName());
    command.addAll(List.of(part, kind.name(), directory.toString(), Long.toString(urls)));
    command.addAll(arguments);
    Files.createDirectories(log.getParent());
    return new ProcessBuilder(command)
        .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()))
        .start();
  }

  /** Reads the process's measurements until it ends; returns whether it succeeded. */
  private boolean finish(Process process) throws IOException, InterruptedException {
    try (BufferedReader lines = process.inputReader()) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        note(line);
      }
      return endedWell(process.waitFor());
    } finally {
      process.destroyForcibly();
    }
  }

  /** Kills the process after it has worked for a while; returns whether it began to work. */
  private boolean killAtWork(Process process) throws IOException, InterruptedException {
    try (BufferedReader lines = process.inputReader()) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        note(line);
        if (line.equals(ContenderProcess.WORKING)) {
          boolean ended = process.waitFor(options.crashAfterSeconds, TimeUnit.SECONDS);
          return !ended || endedWell(process.exitValue());
        }
      }
      return endedWell(process.waitFor());
    } finally {
      process.destroyForcibly().waitFor();
    }
  }

  private boolean endedWell(int status) {
    if (status != 0) {
      System.err.printf("%s ended with status %d; see %s%n", kind, status, log);
    }
    return status == 0;
  }

  private void note(String line) {
    Measurement measurement = Measurement.parse(line);
    if (measurement != null) {
      measurements.put(measurement.phase(), measurement);
      System.err.printf(
          "%s %s: %,d in %.1f s, %.1f CPU s%n",
          kind,
          measurement.phase(),
          measurement.items(),
          measurement.seconds(),
          measurement.cpuSeconds());
    }
  }
}
