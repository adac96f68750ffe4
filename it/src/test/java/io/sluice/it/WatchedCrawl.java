package io.sluice.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.core.testing.TestRedis;
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
import java.util.stream.Stream;

/**
 * A running crawl of a small web with the test's own Redis, observed through its health, metrics
 * and logs. Confined to the test's thread.
 */
final class WatchedCrawl implements AutoCloseable {

  /** The processes of the crawl that have a Redis pool. */
  static final Set<String> PROCESSES = Set.of("fetcher", "parser-1");

  /** The time after which a connection that does not answer is replaced. */
  static final Duration COMMAND_TIMEOUT = Duration.ofSeconds(4);

  private static final Duration PATIENCE = Duration.ofMinutes(1);

  /** Settings that are slow enough for a fault to occur in the middle of the crawl. */
  private static final Map<String, String> SETTINGS =
      Map.of(
          "SLUICE_POLITENESS_DELAY", "40ms",
          "SLUICE_REDIS_COMMAND_TIMEOUT", COMMAND_TIMEOUT.toSeconds() + "s",
          "SLUICE_PARSER_PROCESSES", "1",
          "SLUICE_PARSER_THREADS", "2",
          "SLUICE_FRONTIER_OUTSTANDING_PAGES", "30");

  /** Number of requests after which the crawl counts as under way and the test may begin. */
  private static final int UNDER_WAY = 40;

  private static final int HOSTS = 4;
  private static final int PAGES_PER_HOST = 30;

  private final GeneratedWeb web;
  private final CrawlDir dir;
  private final SluiceProcess process;
  private final HttpClient http = HttpClient.newHttpClient();

  private WatchedCrawl(GeneratedWeb web, CrawlDir dir, SluiceProcess process) {
    this.web = web;
    this.dir = dir;
    this.process = process;
  }

  /**
   * Starts a crawl with its files below {@code below}. However slow the machine is, the crawl
   * cannot end before the fault: once the crawl is well under way, the web holds its answers back
   * until the test resumes the crawl; {@link #awaitWaiting} holds them back again when the fault
   * was noticed.
   */
  static WatchedCrawl start(Path below, TestRedis redis) throws IOException {
    GeneratedWeb web = GeneratedWeb.start(HOSTS, PAGES_PER_HOST);
    web.holdBackAfter(UNDER_WAY);
    CrawlYaml yaml = CrawlYaml.in(below).redis(redis.uri());
    String config = yaml.of(web).toString();
    SluiceProcess process = SluiceProcess.start(below.resolve("out.txt"), SETTINGS, "run", config);
    return new WatchedCrawl(web, yaml.crawlDir(), process);
  }

  GeneratedWeb web() {
    return web;
  }

  CrawlDir dir() {
    return dir;
  }

  /** Waits until the crawl is well under way and the web holds its answers back. */
  WatchedCrawl awaitUnderWay() throws IOException {
    await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(2))
        .until(() -> web.requests().size() >= UNDER_WAY || !process.alive());
    assertThat(process.alive()).as(process.output()).isTrue();
    return this;
  }

  /**
   * Resumes the crawl, and waits until every process reports that it is not ready for {@code
   * reason}.
   */
  void awaitWaiting(String reason) {
    web.letGo();
    for (String name : PROCESSES) {
      awaitReason(name, reason);
      assertThat(metric(name, "sluice_redis_up")).isZero();
      assertThat(metric(name, "sluice_log_events_total{level=\"warn\"}")).isEqualTo(1);
      assertThat(get(name, "/status")).contains("\"state\":\"waiting\"");
    }
    web.holdBack();
  }

  /** Waits until one process reports that it is not ready for the given reason. */
  void awaitReason(String name, String reason) {
    await(name)
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(20))
        .until(() -> get(name, "/health/ready"), health -> health.contains(reason));
  }

  /** Waits until every process is ready again. */
  void awaitReady() {
    for (String name : PROCESSES) {
      await(name)
          .atMost(PATIENCE)
          .pollInterval(Duration.ofMillis(20))
          .until(
              () -> process.alive() ? get(name, "/metrics") : "sluice_redis_up 1.0",
              metrics -> metrics.contains("sluice_redis_up 1.0"));
    }
  }

  /**
   * The value of a process's metric, by its name and labels; {@code NaN} if the metric is missing.
   */
  double metric(String process, String name) {
    return Metrics.parse(get(process, "/metrics")).value(name);
  }

  /** Returns a process's answer; empty if the process does not answer. */
  private String get(String name, String path) {
    try {
      URI uri = URI.create("http://127.0.0.1:" + dir.adminPort(name) + path);
      HttpRequest request = HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(5)).build();
      return http.send(request, HttpResponse.BodyHandlers.ofString()).body();
    } catch (IOException e) {
      return "";
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "";
    }
  }

  /** Resumes the crawl, and waits for it to end cleanly by itself. */
  void awaitEnd() throws Exception {
    web.letGo();
    assertThat(process.exitWithin(Duration.ofMinutes(2))).as(process.output()).isZero();
  }

  /** The warnings in a process's log. */
  List<String> warnings(String name) throws IOException {
    return lines(name, "WARN");
  }

  /**
   * Whether a process's log contains {@code reason}, in a warning or in the INFO line at the end of
   * the condition.
   */
  boolean told(String name, String reason) throws IOException {
    return Stream.concat(warnings(name).stream(), lines(name, "INFO").stream())
        .anyMatch(line -> line.contains(reason));
  }

  /** How often a process's log reports that Redis has recovered. */
  long recoveries(String name) throws IOException {
    return lines(name, "INFO").stream().filter(line -> line.contains("has recovered")).count();
  }

  private List<String> lines(String name, String level) throws IOException {
    Path log = dir.path().resolve("logs").resolve(name + ".log");
    return Files.readAllLines(log).stream()
        .filter(line -> line.contains(" " + level + " "))
        .toList();
  }

  @Override
  public void close() {
    http.close();
    process.close();
    web.close();
  }
}
