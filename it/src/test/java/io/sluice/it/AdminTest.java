package io.sluice.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.core.testing.Json;
import io.sluice.it.web.GeneratedWeb;
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
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** The metrics, health and status that the processes of a running crawl report. */
class AdminTest {

  private static final Path ROOT = Path.of(System.getProperty("sluice.root", ".."));
  private static final Pattern METRIC = Pattern.compile("^(sluice_[a-z_]+)", Pattern.MULTILINE);

  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  Path dir;

  @Test
  void aRunningCrawlIsHealthyOwnsEachDescriptorAndDocumentsEachMetric() throws Exception {
    try (GeneratedWeb web = GeneratedWeb.start(1, 40);
        HttpClient http = HttpClient.newHttpClient()) {
      CrawlYaml yaml = CrawlYaml.in(dir);
      Path config = yaml.of(web);
      Files.writeString(config, Files.readString(config).replace("delay: 0s", "delay: 1s"));
      String port = Integer.toString(FreePort.number());
      Map<String, String> environment = Map.of("SLUICE_ADMIN_PORT", port);
      try (SluiceProcess crawl =
          SluiceProcess.start(dir.resolve("out.txt"), environment, "run", config.toString())) {
        await()
            .atMost(Duration.ofMinutes(1))
            .until(() -> web.requests().size() > 3 || !crawl.alive());
        assertThat(crawl.alive()).as(crawl.output()).isTrue();
        checkWholeCrawl(http, yaml.crawlDir(), port, crawl);

        for (String process : Set.of("fetcher", "parser-1")) {
          String base = "http://127.0.0.1:" + yaml.crawlDir().adminPort(process);
          assertThat(get(http, base + "/health/live").statusCode()).isEqualTo(200);
          assertThat(get(http, base + "/health/ready").statusCode()).isEqualTo(200);
          assertThat(Json.object(get(http, base + "/status").body())).isNotEmpty();
          assertThat(get(http, base + "/").body()).contains("<html");
          String metrics = get(http, base + "/metrics").body();
          assertThat(metrics).contains("sluice_fds{kind=\"redis\"}");
          assertThat(metrics.lines())
              .filteredOn(line -> line.startsWith("sluice_fds{kind=\"unattributed\"}"))
              .singleElement()
              .asString()
              .endsWith(" 0.0");
          checkNames(metrics);
        }
        crawl.terminate();
        assertThat(crawl.exitWithin(Duration.ofSeconds(30))).as(crawl.output()).isZero();
      }
    }
  }

  /** Checks the pages served at {@code admin.port}. */
  private static void checkWholeCrawl(
      HttpClient http, CrawlDir dir, String port, SluiceProcess crawl) throws Exception {
    String base = "http://127.0.0.1:" + port;
    assertThat(dir.adminPort("supervisor")).hasToString(port);
    assertThat(crawl.output()).contains("Live page   " + base + "/");
    await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> get(http, base + "/health/ready").statusCode() == 200);
    assertThat(get(http, base + "/health/live").statusCode()).isEqualTo(200);
    assertThat(get(http, base + "/").body()).contains("<html");
    Line status = new Line(Json.object(get(http, base + "/status").body()));
    assertThat(status.text("process")).isEqualTo("supervisor");
    assertThat(status.text("state")).isEqualTo("crawling");
    assertThat(status.number("fetched")).isPositive();
    assertThat(status.number("descriptors")).isGreaterThan(100);
    for (String process : List.of("fetcher", "parser-1")) {
      Line said = status.in("processes").in(process);
      assertThat(said.number("pid")).isEqualTo(dir.pid(process));
      assertThat(said.number("adminPort")).isEqualTo(dir.adminPort(process));
    }
    String metrics = get(http, base + "/metrics").body();
    for (String process : List.of("supervisor", "fetcher", "parser-1")) {
      assertThat(metrics.lines())
          .filteredOn(line -> line.startsWith("sluice_fds{process=\"" + process + "\""))
          .filteredOn(line -> line.contains("unattributed"))
          .singleElement()
          .asString()
          .endsWith(" 0.0");
    }
    assertThat(metrics)
        .contains("sluice_frontier_queued{process=\"fetcher\"}")
        .contains("sluice_pages_parsed_total{process=\"parser-1\"}")
        .contains("sluice_scrape_unanswered_total{process=\"supervisor\"} 0.0");
    assertThat(metrics.lines().filter(line -> line.startsWith("# "))).doesNotHaveDuplicates();
    checkNames(metrics);
  }

  private static void checkNames(String metrics) throws IOException {
    assertThat(undocumented(metrics)).as("not in docs/metrics.md").isEmpty();
    assertThat(withoutHelp(metrics)).as("without a line of help").isEmpty();
  }

  private static Set<String> withoutHelp(String metrics) {
    Set<String> names = new TreeSet<>();
    metrics
        .lines()
        .filter(line -> line.startsWith("# TYPE "))
        .forEach(line -> names.add(name(line)));
    metrics
        .lines()
        .filter(line -> line.matches("# HELP \\S+ \\S.*"))
        .forEach(line -> names.remove(name(line)));
    return names;
  }

  private static String name(String comment) {
    return comment.split(" ", 4)[2];
  }

  /** Returns the metrics missing from the documentation, with or without a histogram's suffixes. */
  private static Set<String> undocumented(String metrics) throws IOException {
    String documented = Files.readString(ROOT.resolve("docs/metrics.md"));
    return METRIC
        .matcher(metrics)
        .results()
        .map(match -> match.group(1))
        .filter(name -> !isIn(documented, name))
        .filter(name -> !isIn(documented, name.replaceFirst("_(bucket|count|sum|max)$", "")))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static boolean isIn(String documented, String name) {
    return documented.contains("`" + name + "`") || documented.contains("`" + name + "{");
  }

  private static HttpResponse<String> get(HttpClient http, String url)
      throws IOException, InterruptedException {
    return http.send(
        HttpRequest.newBuilder(URI.create(url)).timeout(Duration.ofSeconds(10)).build(),
        HttpResponse.BodyHandlers.ofString());
  }
}
