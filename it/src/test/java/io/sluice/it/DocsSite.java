package io.sluice.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * Real documentation served as a web of several hosts on loopback, by a script that others wrote.
 */
final class DocsSite implements AutoCloseable {

  static final int HTTP_PORT = 18081;
  static final int DNS_PORT = 15354;

  private static final Path SCRIPT =
      Path.of(
          System.getProperty(
              "sluice.docs-site",
              System.getProperty("sluice.root", "..") + "/../shared/site/docs-site"));
  private static final Path DIR = Path.of(System.getProperty("java.io.tmpdir"), "sluice-docs-site");

  private DocsSite() {}

  /** Whether this machine can serve it. */
  static boolean available() {
    return Files.isExecutable(SCRIPT) && System.getProperty("user.name").equals("root");
  }

  static DocsSite start(int hosts) throws IOException, InterruptedException {
    run(Duration.ofMinutes(5), "start", String.valueOf(hosts));
    return new DocsSite();
  }

  String seed() {
    return "http://portal.test:" + HTTP_PORT + "/";
  }

  /** The URLs that a polite crawler must fetch. */
  List<String> truth() throws IOException, InterruptedException {
    return run(Duration.ofMinutes(5), "truth").lines().toList();
  }

  /** How many requests were logged. */
  long requests() throws IOException {
    try (var lines = Files.lines(DIR.resolve("run/access.log"))) {
      return lines.count();
    }
  }

  /**
   * How often each page was answered 200, by URL. The log doesn't tell the type; in scope of the
   * test is what ends in {@code .html} or {@code /}.
   */
  Map<String, Long> fetchesByPage() throws IOException, InterruptedException {
    Map<String, Long> fetches = new TreeMap<>();
    run(Duration.ofMinutes(1), "requests")
        .lines()
        .map(line -> line.split(" ", -1))
        .filter(word -> word[3].equals("200") && !word[2].equals("/robots.txt"))
        .forEach(
            word -> fetches.merge("http://" + word[1] + ":" + HTTP_PORT + word[2], 1L, Long::sum));
    return fetches;
  }

  private static String run(Duration bound, String... args)
      throws IOException, InterruptedException {
    List<String> command = new java.util.ArrayList<>(List.of("bash", SCRIPT.toString()));
    command.addAll(List.of(args));
    Path output = Files.createTempFile("docs-site", ".txt");
    try {
      ProcessBuilder builder =
          new ProcessBuilder(command)
              .redirectOutput(output.toFile())
              .redirectError(ProcessBuilder.Redirect.INHERIT);
      builder
          .environment()
          .putAll(
              Map.of(
                  "SITE_DIR", DIR.toString(),
                  "HTTP_PORT", String.valueOf(HTTP_PORT),
                  "DNS_PORT", String.valueOf(DNS_PORT)));
      Process process = builder.start();
      if (!process.waitFor(bound.toMillis(), TimeUnit.MILLISECONDS)) {
        process.destroyForcibly();
        throw new AssertionError(command + " took more than " + bound);
      }
      assertThat(process.exitValue()).as("%s", command).isZero();
      return Files.readString(output);
    } finally {
      Files.delete(output);
    }
  }

  @Override
  public void close() throws IOException {
    try {
      run(Duration.ofSeconds(30), "stop");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("while the site stopped");
    }
  }
}
