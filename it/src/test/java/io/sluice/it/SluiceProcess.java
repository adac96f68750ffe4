package io.sluice.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A real {@code sluice} process, as a user starts it, with its output kept in a file. Closing kills
 * it and whatever it left behind.
 */
final class SluiceProcess implements AutoCloseable {

  private static final Path ROOT = Path.of(System.getProperty("sluice.root", ".."));

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

  /** The same with further options for its JVM; those of Sluice reach its children too. */
  static SluiceProcess start(
      Path output, Map<String, String> environment, List<String> jvmOptions, String... args)
      throws IOException {
    return start(List.of(), jvmOptions, output, environment, args);
  }

  /**
   * Starts it by another command, which becomes the process: {@code prlimit}, for example.
   *
   * @param wrapper the command's words, before those of the JVM; may be empty
   */
  static SluiceProcess startUnder(
      List<String> wrapper, Path output, Map<String, String> environment, String... args)
      throws IOException {
    return start(wrapper, List.of(), output, environment, args);
  }

  private static SluiceProcess start(
      List<String> wrapper,
      List<String> jvmOptions,
      Path output,
      Map<String, String> environment,
      String... args)
      throws IOException {
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
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().putAll(environment);
    builder.redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()));
    return new SluiceProcess(builder.start(), output);
  }

  /** The exit status; fails the test when the process outlives {@code wait}. */
  int exitWithin(Duration wait) throws InterruptedException, IOException {
    if (!process.waitFor(wait.toMillis(), TimeUnit.MILLISECONDS)) {
      throw new AssertionError("still running after " + wait + ":\n" + output());
    }
    return process.exitValue();
  }

  /** Sends SIGTERM. */
  void terminate() {
    assertThat(process.supportsNormalTermination()).isTrue();
    process.destroy();
  }

  boolean alive() {
    return process.isAlive();
  }

  /** All of its children and their children. */
  List<ProcessHandle> descendants() {
    return process.descendants().toList();
  }

  ProcessHandle handle() {
    return process.toHandle();
  }

  /** What it printed so far. */
  String output() throws IOException {
    return Files.readString(output);
  }

  @Override
  public void close() {
    List<ProcessHandle> left = descendants();
    process.destroyForcibly();
    left.forEach(ProcessHandle::destroyForcibly);
  }
}
