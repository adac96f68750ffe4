package io.sluice.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.core.config.ConfigLoader;
import io.sluice.core.config.LoadResult;
import io.sluice.it.web.PolitenessOracle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;

/**
 * A real {@code sluice} process, started as by a user, with its output written to a file. Closing
 * it kills the process and any descendants that are left.
 */
final class SluiceProcess implements AutoCloseable {

  static final Path ROOT = Path.of(System.getProperty("sluice.root", ".."));

  private final Process process;
  private final Path output;

  private SluiceProcess(Process process, Path output) {
    this.process = process;
    this.output = output;
  }

  /** Starts {@code sluice ARGS...} with the packaged jars. */
  static SluiceProcess start(Path output, Map<String, String> environment, String... args)
      throws IOException {
    return start(output, environment, List.of(), args);
  }

  /**
   * Like the other {@code start}, with additional JVM options, which Sluice also passes to its
   * children.
   */
  static SluiceProcess start(
      Path output, Map<String, String> environment, List<String> jvmOptions, String... args)
      throws IOException {
    return start(List.of(), jvmOptions, output, environment, args);
  }

  /**
   * Starts {@code sluice} through another command that then becomes the process, such as {@code
   * prlimit}.
   *
   * @param wrapper the command's words, before those of the JVM; may be empty
   */
  static SluiceProcess startUnder(
      List<String> wrapper, Path output, Map<String, String> environment, String... args)
      throws IOException {
    return start(wrapper, List.of(), output, environment, args);
  }

  /** Starts a test's own command, with {@code environment} as its only variables. */
  static SluiceProcess startBare(List<String> command, Path output, Map<String, String> environment)
      throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().clear();
    builder.environment().putAll(environment);
    builder.redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()));
    return new SluiceProcess(builder.start(), output);
  }

  private static SluiceProcess start(
      List<String> wrapper,
      List<String> jvmOptions,
      Path output,
      Map<String, String> environment,
      String... args)
      throws IOException {
    List<String> command = command(wrapper, jvmOptions, args);
    tellTheOracle(environment, args);
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().putAll(environment);
    builder.redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()));
    return new SluiceProcess(builder.start(), output);
  }

  /**
   * Starts {@code sluice} with its standard output piped to the test; standard error is written to
   * a file.
   */
  static Process piped(Path errors, String... args) throws IOException {
    return new ProcessBuilder(command(List.of(), List.of(), args))
        .redirectError(errors.toFile())
        .start();
  }

  /** The command line of {@code sluice}, for another program to start. */
  static List<String> command() {
    return command(List.of(), List.of());
  }

  private static List<String> command(
      List<String> wrapper, List<String> jvmOptions, String... args) {
    Path lib = ROOT.resolve("launcher/target/sluice/lib");
    assertThat(lib).as("the packaged launcher: run ./mvnw verify from the root").isDirectory();
    String archive = lib.resolveSibling("sluice.jsa").toAbsolutePath().toString();
    List<String> command = new ArrayList<>(wrapper);
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "-XX:SharedArchiveFile=" + archive,
            "-Dsluice.archive=" + archive,
            "-Xlog:cds=off",
            "-XX:+UseSerialGC",
            "-XX:+UseCompactObjectHeaders",
            "-XX:TieredStopAtLevel=1",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-Dio.netty.allocator.type=pooled",
            "-Dio.lettuce.core.iouring=false",
            "-Dio.netty.leakDetection.level=paranoid"));
    command.addAll(jvmOptions);
    command.addAll(List.of("-cp", lib.toAbsolutePath() + "/*", "io.sluice.launcher.Main"));
    command.addAll(List.of(args));
    return command;
  }

  /**
   * Registers the crawl's settings with the oracle, so that the servers that it visits can judge
   * it.
   */
  private static void tellTheOracle(Map<String, String> environment, String... args) {
    for (String arg : args) {
      Path file = Path.of(arg);
      if (arg.endsWith(".yaml")
          && Files.isRegularFile(file)
          && ConfigLoader.load(file, environment, 2) instanceof LoadResult.Loaded(var config)) {
        PolitenessOracle.crawled(config);
      }
    }
  }

  /**
   * Waits for the process to end and returns its exit status; fails the test if that takes longer
   * than {@code wait}.
   */
  int exitWithin(Duration wait) throws InterruptedException, IOException {
    if (!process.waitFor(wait.toMillis(), TimeUnit.MILLISECONDS)) {
      throw new AssertionError("still running after " + wait + ":\n" + output());
    }
    return process.exitValue();
  }

  /** Waits until a condition holds; fails the test if the process ends first. */
  void awaitRunning(Callable<Boolean> condition) throws IOException {
    await()
        .atMost(Duration.ofMinutes(2))
        .pollInterval(Duration.ofMillis(2))
        .until(() -> condition.call() || !alive());
    assertThat(alive()).as("it ended:\n%s", output()).isTrue();
  }

  /** Sends SIGTERM. */
  void terminate() {
    assertThat(process.supportsNormalTermination()).isTrue();
    process.destroy();
  }

  boolean alive() {
    return process.isAlive();
  }

  /** All descendants of the process. */
  List<ProcessHandle> descendants() {
    return process.descendants().toList();
  }

  ProcessHandle handle() {
    return process.toHandle();
  }

  /** The output so far. */
  String output() throws IOException {
    return Files.readString(output);
  }

  /** Kills what still runs, except the guardian, a shell: it ends Redis, which is a daemon. */
  @Override
  public void close() {
    List<ProcessHandle> left = descendants();
    process.destroyForcibly();
    left.stream()
        .filter(handle -> !handle.info().command().orElse("").endsWith("sh"))
        .forEach(ProcessHandle::destroyForcibly);
  }
}
