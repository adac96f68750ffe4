package io.sluice.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.core.testing.Json;
import io.sluice.it.web.ClosedPort;
import io.sluice.it.web.ScriptedWeb;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * A host whose port is closed is given up, and a page whose connection breaks off fails; a command
 * requeues the URLs of both, during the crawl or after its end.
 */
class RetryTest {

  private static final Duration PATIENCE = Duration.ofMinutes(2);

  /** Short patience with hosts, but a long timeout for the page that keeps the crawl alive. */
  private static final String SETTINGS =
      """
      scope:
        domains: [test]
      politeness:
        delay: 0s
        first-patience: 0s
      """;

  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  Path dir;

  private final CountDownLatch released = new CountDownLatch(1);
  private final Set<String> broken = ConcurrentHashMap.newKeySet();

  @Test
  void aRunningCrawlTakesUpAgainWhatWasGivenUpOrFailed() throws Exception {
    try (ClosedPort closed = new ClosedPort();
        ScriptedWeb web = ScriptedWeb.start(this::answer)) {
      int port = closed.number();
      String config = config(web, port, web.url("alive", "/hold")).toString();
      CrawlDir crawl = new CrawlDir(dir.resolve("crawl"));
      try (SluiceProcess run =
              SluiceProcess.start(dir.resolve("out.txt"), Map.of(), "run", config);
          HttpClient http = HttpClient.newHttpClient()) {
        await()
            .atMost(PATIENCE)
            .until(() -> !run.alive() || rests(http, crawl, "\"givenUp\":2", "\"failed\":1"));
        assertThat(sluice("frontier", "export", "--what", "given-up", crawl.path().toString()))
            .hasSize(2)
            .allMatch(line -> line.startsWith("http://dead.test:" + port + "/"))
            .allMatch(line -> line.endsWith("\treason=connect-refused"));

        try (ScriptedWeb back = closed.open(this::answer)) {
          assertThat(sluice("frontier", "retry", crawl.path().toString()))
              .singleElement()
              .asString()
              .endsWith("queued again: 1 host with 2 URLs that were given up, 1 URL that failed");
          await()
              .atMost(PATIENCE)
              .until(
                  () ->
                      !run.alive()
                          || (back.asked().size() == 2 && asked(web, "odd", "/broken") == 2));
          assertThat(run.alive()).as(run.output()).isTrue();
          released.countDown();
          assertThat(run.exitWithin(PATIENCE)).as(run.output()).isZero();
        }
      }
      assertThat(crawl.path().resolve("control.sock")).doesNotExist();
      assertThat(urls(crawl.pages()))
          .containsExactlyInAnyOrder(
              web.url("alive", "/hold"),
              web.url("odd", "/broken"),
              dead(port, "/1"),
              dead(port, "/2"));
    }
  }

  @Test
  void aStoppedCrawlFindsAtItsNextStartWhatWasRetried() throws Exception {
    released.countDown();
    try (ClosedPort closed = new ClosedPort();
        ScriptedWeb web = ScriptedWeb.start(this::answer)) {
      int port = closed.number();
      String config = config(web, port, web.url("alive", "/")).toString();
      CrawlDir crawl = new CrawlDir(dir.resolve("crawl"));
      run(config);
      assertThat(urls(crawl.pages())).containsExactly(web.url("alive", "/"));

      try (ScriptedWeb back = closed.open(this::answer)) {
        assertThat(sluice("frontier", "retry", "--host", "dead.test", crawl.path().toString()))
            .singleElement()
            .asString()
            .endsWith("queued again: 1 host with 2 URLs that were given up, 0 URLs that failed");
        assertThat(sluice("frontier", "retry", crawl.path().toString()))
            .singleElement()
            .asString()
            .endsWith("queued again: 0 hosts with 0 URLs that were given up, 1 URL that failed");
        run(config);
        assertThat(back.asked()).hasSize(2);
      }
      assertThat(urls(crawl.pages()))
          .containsExactlyInAnyOrder(
              web.url("alive", "/"), web.url("odd", "/broken"), dead(port, "/1"), dead(port, "/2"));
    }
  }

  /**
   * Answers with pages; one is held until the test releases it, and the connection of one breaks
   * off at its first request.
   */
  private void answer(ScriptedWeb.Talk talk) throws IOException, InterruptedException {
    if (talk.path().equals("/hold")) {
      talk.await(released);
    }
    if (talk.path().equals("/broken") && broken.add(talk.path())) {
      talk.head(200, "text/html", 1000);
      throw new IOException("the connection breaks off");
    }
    talk.links(List.of());
  }

  private Path config(ScriptedWeb web, int closedPort, String alive) throws IOException {
    return Files.writeString(
        dir.resolve("crawl.yaml"),
        """
        crawl:
          name: it
          dir: %s
          seeds: ["%s", "%s", "%s", "%s"]
          user-agent: "SluiceTest/1.0 (+mailto:tests@sluice.test)"
        %sfetcher:
          attempts: 1
          timeouts: { first-byte: 10m, idle: 10m, total: 1h }
          addresses: { allow: ["127.0.0.0/8"], ports: [%d, %d] }
          dns: { servers: ["%s"] }
        parser: { processes: 1, threads: 1 }
        admin: { port: 0 }
        """
            .formatted(
                dir.resolve("crawl"),
                alive,
                web.url("odd", "/broken"),
                dead(closedPort, "/1"),
                dead(closedPort, "/2"),
                SETTINGS,
                web.port(),
                closedPort,
                web.nameServer()));
  }

  private static String dead(int port, String path) {
    return "http://dead.test:" + port + path;
  }

  private void run(String config) throws Exception {
    try (SluiceProcess run = SluiceProcess.start(dir.resolve("out.txt"), Map.of(), "run", config)) {
      assertThat(run.exitWithin(PATIENCE)).as(run.output()).isZero();
    }
  }

  private static long asked(ScriptedWeb web, String host, String path) {
    return web.asked().getOrDefault(web.url(host, path), 0L);
  }

  /** Runs a command, which must succeed; returns the lines that it prints. */
  private List<String> sluice(String... command) throws Exception {
    Path printed = Files.createTempFile(dir, "printed", ".txt");
    try (SluiceProcess process = SluiceProcess.start(printed, Map.of(), command)) {
      assertThat(process.exitWithin(PATIENCE)).as(process.output()).isZero();
      return process.output().lines().toList();
    }
  }

  /** Whether the fetcher's status contains all of the given texts. */
  private static boolean rests(HttpClient http, CrawlDir crawl, String... parts)
      throws InterruptedException {
    try {
      URI uri = URI.create("http://127.0.0.1:" + crawl.adminPort("fetcher") + "/status");
      HttpRequest request = HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(10)).build();
      String status = http.send(request, HttpResponse.BodyHandlers.ofString()).body();
      assertThat(Json.object(status)).isNotEmpty();
      return List.of(parts).stream().allMatch(status::contains);
    } catch (IOException e) {
      return false; // the fetcher is not up yet
    }
  }

  private static List<String> urls(List<Line> lines) {
    return lines.stream().map(Line::url).toList();
  }
}
