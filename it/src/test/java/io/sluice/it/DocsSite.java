package io.sluice.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.it.web.LoggedWeb;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/** Real documentation served as a web of several hosts on loopback, by an external script. */
final class DocsSite implements AutoCloseable {

  private static final int HTTP_PORT = 18081;
  private static final int DNS_PORT = 15354;

  private static final Path SCRIPT =
      Path.of(
          System.getProperty(
              "sluice.docs-site",
              System.getProperty("sluice.root", "..") + "/../shared/site/docs-site"));
  private static final Path DIR = Path.of(System.getProperty("java.io.tmpdir"), "sluice-docs-site");
  private static final Path LOG = DIR.resolve("run/access.log");

  private final SortedSet<String> truth;

  private DocsSite(SortedSet<String> truth) {
    this.truth = truth;
  }

  /** Whether this machine can serve the site. */
  private static boolean available() {
    return Files.isExecutable(SCRIPT) && System.getProperty("user.name").equals("root");
  }

  /** Skips the test with a message if the site cannot be served. */
  static void assumeAvailable(String test) {
    if (!available()) {
      System.out.println("SKIPPED, no docs-site script here or not root: " + test);
    }
    Assumptions.assumeTrue(available(), "no docs-site script here, or not root");
  }

  /** Serves the site on {@code hosts} hosts; the caller closes it. */
  static DocsSite start(int hosts) throws IOException, InterruptedException {
    run(Duration.ofMinutes(5), "start", String.valueOf(hosts));
    // the script finds the URLs by walking the site; its requests are logged, too
    return new DocsSite(new TreeSet<>(run(Duration.ofMinutes(5), "truth").lines().toList()));
  }

  /** The site as seen by one crawl, whose log begins now. */
  LoggedWeb visit() throws IOException {
    return new Visit(truth, Files.size(LOG));
  }

  /**
   * A crawl's view of the site.
   *
   * @param begin offset in the log at which it begins, in bytes
   */
  private record Visit(SortedSet<String> truth, long begin) implements LoggedWeb {

    @Override
    public String seed() {
      return "http://portal.test:" + HTTP_PORT + "/";
    }

    @Override
    public int port() {
      return HTTP_PORT;
    }

    @Override
    public String nameServer() {
      return "127.0.0.1:" + DNS_PORT;
    }

    @Override
    public String scope() {
      return "include: ['^[^?#]*(\\.html|/)$']";
    }

    @Override
    public List<String> asked() throws IOException {
      try (SeekableByteChannel log = Files.newByteChannel(LOG).position(begin)) {
        ByteBuffer rest = ByteBuffer.allocate((int) (log.size() - begin));
        while (rest.hasRemaining() && log.read(rest) >= 0) {}
        return new String(rest.array(), 0, rest.position(), StandardCharsets.UTF_8)
            .lines()
            .map(line -> line.split(" ", -1))
            .filter(words -> words.length == 4 && !words[2].equals("/robots.txt"))
            .map(words -> "http://" + words[1] + ":" + HTTP_PORT + words[2])
            .toList();
      }
    }
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
