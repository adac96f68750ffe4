package io.sluice.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** {@code sluice run URL}: a small local site is crawled, stopped, resumed, and piped. */
class RunUrlTest {

  private static final int PAGES = 60;
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final Map<String, Integer> asked = new ConcurrentHashMap<>();
  private final ExecutorService threads = Executors.newFixedThreadPool(4);

  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  Path dir;

  private HttpServer web;
  private String url;

  @BeforeEach
  void serve() throws IOException {
    web = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 64);
    web.setExecutor(threads);
    web.createContext("/", this::answer);
    web.start();
    url = "http://127.0.0.1:" + web.getAddress().getPort() + "/";
  }

  @AfterEach
  void stopServing() {
    web.stop(0);
    threads.shutdownNow();
  }

  @Test
  void aLocalSiteIsCrawledStoppedAndGoneOnWithAndEachPageIsInTheFileOnce() throws Exception {
    Path pages = dir.resolve("pages.jsonl");
    try (SluiceProcess first = run("first", "-o", pages.toString(), "--delay", "60ms")) {
      first.awaitRunning(() -> asked.size() > 15 && Files.exists(pages) && Files.size(pages) > 0);
      Processes.signal("INT", first.handle().pid());
      assertThat(first.exitWithin(PATIENCE)).as(first.output()).isZero();
      assertThat(first.output())
          .contains("sluice: crawling " + url + " into ")
          .containsSubsequence(
              "Crawl       crawl in " + dir.resolve("crawl").toAbsolutePath() + " (new)",
              "Live page   http://127.0.0.1:",
              "Redis       embedded",
              "Fetcher     running",
              "Parsers     ")
          .contains("Still to do");
    }
    int before = asked.size();
    assertThat(before).as("stopped in mid-crawl").isLessThan(PAGES);

    try (SluiceProcess second = run("second", "-o", pages.toString())) {
      assertThat(second.exitWithin(PATIENCE)).as(second.output()).isZero();
      assertThat(second.output())
          .contains("sluice: continuing the crawl in ")
          .contains("crawl (continues the crawl there)")
          .containsPattern("This run    \\d+ pages")
          .containsPattern("In all      \\d+ pages, 1 error page, 1 redirected, 1 robots-denied")
          .containsPattern("Error pages in all 4xx 1, such as " + url + "gone")
          .contains("(politeness.robots)");
    }
    assertThat(asked.entrySet())
        .filteredOn(entry -> !entry.getKey().equals("/robots.txt"))
        .as("requests for each")
        .allMatch(entry -> entry.getValue() == 1);
    List<String> urls = urls(Files.readAllLines(pages));
    assertThat(urls).doesNotHaveDuplicates().contains(url, url + "gone", url + "p7");
    assertThat(urls).as("pages and the error page").hasSize(PAGES + 2);

    try (SluiceProcess third = run("third", "-o", pages.toString())) {
      assertThat(third.exitWithin(PATIENCE)).as(third.output()).isZero();
      assertThat(third.output()).contains("Nothing     was left to do; --fresh begins");
    }
    assertThat(Files.readAllLines(pages)).hasSize(PAGES + 2);

    for (String name : List.of("fresh", "fresh again")) {
      try (SluiceProcess fresh = run(name, "--fresh", "-o", pages.toString(), "--delay", "10ms")) {
        assertThat(fresh.exitWithin(PATIENCE)).as(fresh.output()).isZero();
      }
      assertThat(urls(Files.readAllLines(pages))).doesNotHaveDuplicates().hasSize(PAGES + 2);
    }
    Expectations.nothingLeftOpen(new CrawlDir(dir.resolve("crawl")));
  }

  @Test
  void aReaderThatClosesStandardOutputStopsTheCrawlInOrder() throws Exception {
    Process crawl = piped("--delay", "50ms");
    try (BufferedReader out = crawl.inputReader(StandardCharsets.UTF_8)) {
      assertThat(out.readLine()).as("only pages on standard output").startsWith("{\"url\":");
    }
    assertThat(crawl.waitFor(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)).isTrue();
    String said = Files.readString(dir.resolve("err.txt"));
    assertThat(crawl.exitValue()).as(said).isZero();
    assertThat(said).contains("output-closed").contains("In all");
    Expectations.nothingLeftOpen(new CrawlDir(dir.resolve("crawl")));
  }

  @Test
  void readersThatGoAwayOneAfterTheOtherNeverGetAPageTwice() throws Exception {
    List<String> got = new ArrayList<>();
    for (int reader = 0; reader < 3; reader++) {
      Process crawl = piped("--delay", "50ms");
      try (BufferedReader out = crawl.inputReader(StandardCharsets.UTF_8)) {
        String line = out.readLine();
        for (int lines = 0; line != null && (reader == 2 || lines < 3); lines++) {
          got.add(line);
          line = out.readLine();
        }
      }
      assertThat(crawl.waitFor(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)).isTrue();
      assertThat(crawl.exitValue()).as(Files.readString(dir.resolve("err.txt"))).isZero();
    }
    assertThat(urls(got)).doesNotHaveDuplicates().hasSizeGreaterThan(6);
  }

  @Test
  void aStoppedCrawlSaysWhichHostIsHeldAndSinceWhen() throws Exception {
    CrawlDir kept = new CrawlDir(dir.resolve("crawl"));
    web.stop(0);
    try (SluiceProcess crawl = run("held")) {
      crawl.awaitRunning(
          () ->
              String.valueOf(Status.of(kept, "fetcher").fields().get("notes"))
                  .contains("1 URL waits"));
      Processes.signal("INT", crawl.handle().pid());
      assertThat(crawl.exitWithin(PATIENCE)).as(crawl.output()).isZero();
      assertThat(crawl.output())
          .containsPattern(
              "(?m)^Held        127\\.0\\.0\\.1 for \\d+\\.\\ds \\(connect-refused\\): 1 URL waits"
                  + " for it; ")
          .contains("Still to do 1 queued; run again to continue");
    }
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      String path = exchange.getRequestURI().getPath();
      asked.merge(path, 1, Integer::sum);
      switch (path) {
        case "/robots.txt" -> send(exchange, 200, "User-agent: *\nDisallow: /private\n");
        case "/gone" -> send(exchange, 404, "<title>gone</title>");
        case "/moved" -> {
          exchange.getResponseHeaders().set("Location", "/p1");
          exchange.sendResponseHeaders(302, -1);
        }
        default -> send(exchange, 200, page(path));
      }
    }
  }

  private static String page(String path) {
    String links =
        IntStream.range(0, path.equals("/") ? PAGES : 0)
            .mapToObj(number -> "<a href='/p" + number + "'>x</a>")
            .collect(Collectors.joining(" "));
    return "<!DOCTYPE html><title>t</title><a href='/gone'>g</a><a href='/moved'>m</a>"
        + "<a href='/private/x'>p</a>"
        + links;
  }

  private static void send(HttpExchange exchange, int status, String text) throws IOException {
    byte[] body = text.getBytes(StandardCharsets.UTF_8);
    String type = text.startsWith("<") ? "text/html" : "text/plain";
    exchange.getResponseHeaders().set("Content-Type", type);
    exchange.sendResponseHeaders(status, body.length);
    exchange.getResponseBody().write(body);
  }

  private static List<String> urls(List<String> lines) {
    return lines.stream().map(line -> line.replaceAll("^\\{\"url\":\"([^\"]*)\".*", "$1")).toList();
  }

  private SluiceProcess run(String name, String... options) throws IOException {
    return SluiceProcess.start(dir.resolve(name + ".txt"), Map.of(), words(options));
  }

  /** Like {@link #run}, but the test reads standard output. */
  private Process piped(String... options) throws IOException {
    List<String> all = new ArrayList<>(List.of(options));
    all.addAll(List.of("-o", "-"));
    return SluiceProcess.piped(dir.resolve("err.txt"), words(all.toArray(String[]::new)));
  }

  private String[] words(String... options) {
    List<String> words = new ArrayList<>(List.of("run", url));
    words.addAll(List.of("--dir", dir.resolve("crawl").toString()));
    words.addAll(List.of(options));
    return words.toArray(String[]::new);
  }
}
