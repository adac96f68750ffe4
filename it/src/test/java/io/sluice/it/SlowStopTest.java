package io.sluice.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.core.fault.KillPoint;
import io.sluice.core.testing.Json;
import io.sluice.core.testing.TestRedis;
import io.sluice.it.web.GeneratedWeb;
import io.sluice.it.web.ScriptedWeb;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * SIGTERM while something does not respond. In each case, the fetcher ends at most a second after
 * its deadline, and the crawl a second later. The report's totals balance, nothing is left open,
 * and a further run loses nothing.
 */
@Alone
class SlowStopTest {

  private static final Duration DEADLINE = Duration.ofSeconds(3);
  private static final Duration BEYOND = Patience.beyondADeadline();

  /** The minimum time for the parsers, even if the fetcher has used up the deadline. */
  private static final Duration OF_PARSERS = Duration.ofSeconds(1);

  /**
   * Number of the first checkpoint that a new crawl's only shard makes while crawling: the first
   * two belong to its start.
   */
  private static final int FIRST_WHILE_IT_CRAWLS = 3;

  /** Extra time beyond a bound on a slow machine. */
  private static final Duration SLOWNESS = BEYOND.minusSeconds(1);

  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  Path dir;

  private final Map<String, String> environment =
      new HashMap<>(Map.of("SLUICE_SHUTDOWN_DEADLINE", DEADLINE.toMillis() + "ms"));

  @Test
  void eachProcessOfAnIdleCrawlEndsInUnderASecond() throws Exception {
    try (GeneratedWeb web = GeneratedWeb.start(2, 10)) {
      CrawlYaml yaml = CrawlYaml.in(dir).with("recrawl: { after: 10h }\n");
      Stop stop =
          stop(
              yaml,
              yaml.of(web).toString(),
              () ->
                  status(yaml, "revisits") >= web.truth().size()
                      && status(yaml, "queued") == 0
                      && status(yaml, "inFlight") + status(yaml, "outstanding") == 0);
      assertThat(stop.exit()).as(stop.output()).isZero();
      assertThat(stop.fetcherTook()).isLessThan(Duration.ofSeconds(1).plus(SLOWNESS));
      Map<String, Duration> took = ownStops(yaml);
      assertThat(took.remove("supervisor"))
          .as("the end of the fetcher's JVM and then that of the parsers'")
          .isLessThan(Duration.ofSeconds(2).plus(SLOWNESS));
      assertThat(took)
          .containsKeys("fetcher", "parser-1")
          .allSatisfy(
              (process, own) ->
                  assertThat(own).as(process).isLessThan(Duration.ofSeconds(1).plus(SLOWNESS)));
      assertThat(stop.crawlTook()).isLessThan(Duration.ofSeconds(2).plus(SLOWNESS));
      Expectations.exactlyTheTruthOnce(web, yaml.crawlDir());
    }
  }

  @Test
  void aStopInTheMiddleOfACheckpointWaitsForItAndRepeatsNothing() throws Exception {
    environment.put("SLUICE_FRONTIER_CHECKPOINT_INTERVAL", "100ms");
    environment.put("SLUICE_POLITENESS_DELAY", "10ms");
    try (ScriptedWeb web = ScriptedWeb.start(SlowStopTest::aThousandLinks)) {
      CrawlYaml yaml = CrawlYaml.in(dir).with("frontier: { shards: 1 }\n");
      String config = config(yaml, web);
      KillDir held = KillDir.in(dir, KillPoint.CHECKPOINT, FIRST_WHILE_IT_CRAWLS);
      Stop inTheMiddle =
          stop(
              yaml,
              held.jvmOptions(),
              config,
              held::reached,
              () -> {
                assertThat(web.asked()).as("it crawled before").hasSizeGreaterThan(2);
                awaitLog(yaml, "fetcher is stopping: sigterm");
                held.go();
              });
      assertThat(inTheMiddle.exit()).as(inTheMiddle.output()).isZero();
      assertThat(inTheMiddle.fetcherTook()).isLessThan(DEADLINE.plus(BEYOND));
      verify(yaml);
      int before = web.asked().size();
      Stop later = stop(yaml, config, () -> web.asked().size() >= before + 100);
      assertThat(later.exit()).as(later.output()).isZero();
      verify(yaml);
      assertThat(web.asked()).allSatisfy((url, n) -> assertThat(n).as(url).isEqualTo(1));
    }
  }

  /**
   * Answers with pages. The first, and sixty of those that it links, have a thousand unique links
   * each, which produce two megabytes of journal. The rest have none, so that a stop has little to
   * settle.
   */
  private static void aThousandLinks(ScriptedWeb.Talk talk) throws IOException {
    String path = talk.path();
    boolean many = path.equals("/") || path.matches("/[1-5]?[0-9]");
    String below = path.equals("/") ? "/" : path + "-";
    IntStream links = IntStream.range(0, many ? 1000 : 0);
    talk.links(links.mapToObj(i -> talk.peer("h" + i % 50, below + i)).toList());
  }

  private void verify(CrawlYaml yaml) throws Exception {
    try (SluiceProcess verify = sluice("frontier", "verify", yaml.crawlDir().path().toString())) {
      assertThat(verify.exitWithin(Duration.ofMinutes(1))).as(verify.output()).isZero();
    }
  }

  @Test
  void aStopWhileRedisIsDownEndsAtTheDeadlineAndLosesNothing() throws Exception {
    try (GeneratedWeb web = GeneratedWeb.start(6, 100);
        TestRedis redis = TestRedis.start()) {
      CrawlYaml yaml = CrawlYaml.in(dir).redis(redis.uri());
      String config = yaml.of(web).toString();
      Stop stop =
          stop(
              yaml,
              config,
              () -> {
                if (web.requests().size() < 150) {
                  return false;
                }
                redis.kill();
                return true;
              });
      assertThat(stop.exit()).as(stop.output()).isIn(0, 2);
      assertThat(stop.fetcherTook()).isLessThan(DEADLINE.plus(BEYOND));
      redis.restart();
      runToTheEnd(config);
      assertThat(web.fetchesByPage().keySet()).containsAll(web.truth());
      StopOracle oracle = StopOracle.of(web, yaml.crawlDir());
      assertThat(stop.forcedUrls())
          .as("what repeats is listed")
          .containsAll(oracle.repeated().keySet());
      assertThat(stop.exit()).isEqualTo(stop.forcedUrls().isEmpty() ? 0 : 2);
      Expectations.eachPageStoredOnce(web, yaml.crawlDir());
    }
  }

  @Test
  void aStopWhileDnsHangsCancelsTheLookUps() throws Exception {
    try (GeneratedWeb web = GeneratedWeb.start(1, 1);
        DatagramSocket silent = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
      CrawlYaml yaml = CrawlYaml.in(dir);
      String nameServer = "127.0.0.1:" + silent.getLocalPort();
      String hangs = yaml.write(web.seed(), "test", web.port(), nameServer, "").toString();
      Stop stop = stop(yaml, hangs, () -> status(yaml, "inFlight") > 0);
      assertThat(stop.exit()).as(stop.output()).isZero();
      assertThat(stop.fetcherTook()).isLessThan(Duration.ofSeconds(1).plus(SLOWNESS));
      runToTheEnd(yaml.of(web).toString());
      Expectations.exactlyTheTruthOnce(web, yaml.crawlDir());
    }
  }

  @Test
  void aServerThatDripsIsCutAtTheDeadlineAndItsUrlIsListed() throws Exception {
    try (ScriptedWeb web = ScriptedWeb.start(SlowStopTest::dripTheFirstTime)) {
      CrawlYaml yaml = CrawlYaml.in(dir);
      String config = config(yaml, web);
      Stop stop =
          stop(
              yaml,
              List.of(),
              config,
              () -> web.asked().containsKey(web.url("slow", "/drip")),
              () -> saysThatItDrains(yaml));
      assertThat(stop.exit()).as(stop.output()).isEqualTo(2);
      assertThat(stop.fetcherTook()).isBetween(DEADLINE, DEADLINE.plus(BEYOND));
      assertThat(stop.forcedUrls()).containsExactly(web.url("slow", "/drip"));
      assertThat(stop.leases().get("forced")).isEqualTo(1L);
    }
  }

  /** Checks that the admin port reports the stop during the drain. */
  private static void saysThatItDrains(CrawlYaml yaml) throws Exception {
    awaitLog(yaml, "fetcher is stopping: sigterm");
    try (AdminPort fetcher = AdminPort.of(yaml.crawlDir(), "fetcher")) {
      await()
          .atMost(DEADLINE)
          .pollInterval(Duration.ofMillis(20))
          .until(() -> fetcher.metrics().value(phase("cancel")) >= 0);
      HttpResponse<String> ready = fetcher.get("/health/ready");
      assertThat(ready.statusCode()).as(ready.body()).isEqualTo(503);
      assertThat(ready.body()).contains("stopping");
      assertThat(fetcher.get("/health/live").statusCode()).isEqualTo(200);
      assertThat(fetcher.get("/status").body()).contains("\"state\":\"stopping\"");
      Metrics metrics = fetcher.metrics();
      assertThat(metrics.value("sluice_shutdown_pending"))
          .as("frontier, fetcher, hand-over, control socket")
          .isEqualTo(4);
      assertThat(metrics.value(phase("stop-intake"))).isBetween(0.0, 1.0);
      assertThat(metrics.value(phase("cancel"))).isBetween(0.0, 1.0);
      assertThat(metrics.value(phase("drain"))).isNaN();
      assertThat(metrics.value("sluice_fetches_in_flight")).isEqualTo(1);
    }
  }

  private static String phase(String name) {
    return "sluice_shutdown_seconds{phase=\"" + name + "\"}";
  }

  @Test
  void aResponseThatEndsBeforeTheDeadlineIsWaitedFor() throws Exception {
    try (ScriptedWeb web =
        ScriptedWeb.start(
            talk -> {
              talk.head(200, "text/plain", 10);
              talk.body(10, 1, 100);
            })) {
      CrawlYaml yaml = CrawlYaml.in(dir);
      String config = config(yaml, web);
      Stop stop = stop(yaml, config, () -> !web.asked().isEmpty());
      assertThat(stop.exit()).as(stop.output()).isZero();
      assertThat(stop.fetcherTook()).isLessThan(DEADLINE.plus(SLOWNESS));
      runToTheEnd(config);
      assertThat(web.asked().values()).containsExactly(1L);
      assertThat(yaml.crawlDir().warcResponses()).hasSize(1);
    }
  }

  @Test
  void aStopDuringAHandshakeThatHangsDoesNotWaitForIt() throws Exception {
    try (ScriptedWeb web = ScriptedWeb.start(talk -> talk.links(List.of()))) {
      CrawlYaml yaml = CrawlYaml.in(dir);
      String seed = web.url("h0", "/").replace("http://", "https://");
      String config = yaml.write(seed, "test", web.port(), web.nameServer(), "").toString();
      Stop stop = stop(yaml, config, () -> web.connections() > 0);
      assertThat(stop.exit()).as(stop.output()).isZero();
      assertThat(stop.fetcherTook()).isLessThan(Duration.ofSeconds(1).plus(SLOWNESS));
      assertThat(stop.forcedUrls()).isEmpty();
    }
  }

  @Test
  void aStopDuringAConnectThatHangsDoesNotWaitForIt() throws Exception {
    List<Socket> fill = new ArrayList<>();
    try (ScriptedWeb names = ScriptedWeb.start(talk -> talk.links(List.of()));
        ServerSocket full = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      for (int i = 0; i < 3; i++) { // fill the backlog, so that connections get no answer
        Socket socket = new Socket();
        fill.add(socket);
        socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        try {
          socket.connect(full.getLocalSocketAddress(), 200);
        } catch (IOException e) {
          break;
        }
      }
      CrawlYaml yaml = CrawlYaml.in(dir);
      String seed = "http://h0.test:" + full.getLocalPort() + "/";
      String config =
          yaml.write(seed, "test", full.getLocalPort(), names.nameServer(), "").toString();
      Stop stop = stop(yaml, config, () -> status(yaml, "inFlight") > 0);
      assertThat(stop.exit()).as(stop.output()).isZero();
      assertThat(stop.fetcherTook()).isLessThan(Duration.ofSeconds(1).plus(SLOWNESS));
    } finally {
      for (Socket socket : fill) {
        socket.close();
      }
    }
  }

  @Test
  void aSecondSignalSkipsTheDrain() throws Exception {
    environment.put("SLUICE_SHUTDOWN_DEADLINE", "60s");
    try (ScriptedWeb web = ScriptedWeb.start(SlowStopTest::dripTheFirstTime)) {
      CrawlYaml yaml = CrawlYaml.in(dir);
      String config = config(yaml, web);
      try (SluiceProcess crawl = sluice("run", config)) {
        awaitUp(yaml, crawl, () -> web.asked().containsKey(web.url("slow", "/drip")));
        ProcessHandle fetcher = fetcher(yaml);
        crawl.terminate();
        crawl.terminate(); // sends the same signal again, as `timeout` does
        await()
            .atMost(Duration.ofSeconds(30))
            .until(() -> crawl.output().contains("SIGTERM again ends the crawl at once"));
        assertThat(fetcher.isAlive()).isTrue();
        assertThat(yaml.crawlDir().log("fetcher")).doesNotContain("cutting the drain short");
        long insisted = System.nanoTime();
        crawl.terminate();
        Processes.awaitEnd(fetcher, Duration.ofSeconds(30));
        Duration took = since(insisted);
        assertThat(crawl.exitWithin(Duration.ofSeconds(30))).as(crawl.output()).isEqualTo(2);
        assertThat(took).isLessThan(Duration.ofSeconds(2).plus(SLOWNESS));
      }
      assertThat(new Stop(2, Duration.ZERO, Duration.ZERO, "", report(yaml)).forcedUrls())
          .containsExactly(web.url("slow", "/drip"));
      assertThat(report(yaml).get("cut-short")).isEqualTo(true);
    }
  }

  /** Serves a seed that links a page sent at one byte per second. */
  private static void dripTheFirstTime(ScriptedWeb.Talk talk)
      throws IOException, InterruptedException {
    if (talk.path().equals("/drip")) {
      talk.head(200, "text/plain", 100);
      talk.body(100, 1, 1000);
    } else {
      talk.links(List.of(talk.peer("slow", "/drip")));
    }
  }

  /** The result of a stop. */
  private record Stop(
      int exit,
      Duration fetcherTook,
      Duration crawlTook,
      String output,
      Map<String, @Nullable Object> report) {

    Map<?, ?> part(String name) {
      return (Map<?, ?>) Objects.requireNonNull(report.get(name), name);
    }

    Map<?, ?> leases() {
      return part("leases");
    }

    List<String> forcedUrls() {
      List<?> forced = (List<?>) Objects.requireNonNull(leases().get("forced-leases"));
      return forced.stream().map(lease -> String.valueOf(((Map<?, ?>) lease).get("url"))).toList();
    }
  }

  /** An action between SIGTERM and the end. */
  @FunctionalInterface
  private interface Meanwhile {
    void run() throws Exception;
  }

  private Stop stop(CrawlYaml yaml, String config, Callable<Boolean> ready) throws Exception {
    return stop(yaml, List.of(), config, ready, () -> {});
  }

  /** Runs a crawl, stops it when it is ready, and checks the requirements of every stop. */
  private Stop stop(
      CrawlYaml yaml,
      List<String> jvmOptions,
      String config,
      Callable<Boolean> ready,
      Meanwhile meanwhile)
      throws Exception {
    Path output = dir.resolve("out.txt");
    try (SluiceProcess crawl =
        SluiceProcess.start(output, environment, jvmOptions, "run", config)) {
      awaitUp(yaml, crawl, ready);
      ProcessHandle fetcher = fetcher(yaml);
      long asked = System.nanoTime();
      crawl.terminate();
      meanwhile.run();
      Processes.awaitEnd(fetcher, Duration.ofSeconds(60));
      Duration fetcherTook = since(asked);
      int exit = crawl.exitWithin(Duration.ofSeconds(60));
      Duration crawlTook = since(asked);
      Map<String, @Nullable Object> report = report(yaml);
      System.out.println(
          "SlowStopTest: exit %d, fetcher after %s, crawl after %s %s, stops %s %s"
              .formatted(
                  exit,
                  fetcherTook,
                  crawlTook,
                  report.get("phases"),
                  ownStops(yaml),
                  new Line(yaml.crawlDir().report())
                      .in("processes")
                      .in("supervisor")
                      .in("phases")));
      Stop stop = new Stop(exit, fetcherTook, crawlTook, crawl.output(), report);
      assertThat(crawlTook).isLessThan(DEADLINE.plus(OF_PARSERS).plus(BEYOND));
      assertThat(stop.leases().get("balanced")).as("sums of %s", report).isEqualTo(true);
      assertThat(stop.part("audit").get("clean")).as("%s", report).isEqualTo(true);
      assertThat(stop.part("phases").keySet())
          .extracting(String::valueOf)
          .containsExactlyInAnyOrder("stop-intake", "cancel", "drain", "close", "audit");
      return stop;
    }
  }

  private static void awaitUp(CrawlYaml yaml, SluiceProcess crawl, Callable<Boolean> ready) {
    await()
        .atMost(Duration.ofMinutes(3))
        .pollInterval(Duration.ofMillis(20))
        .until(
            () -> {
              assertThat(crawl.alive()).as(crawl.output()).isTrue();
              return Files.exists(yaml.crawlDir().path().resolve("run/fetcher.json"))
                  && ready.call();
            });
  }

  private void runToTheEnd(String config) throws Exception {
    try (SluiceProcess crawl = sluice("run", config)) {
      assertThat(crawl.exitWithin(Duration.ofSeconds(90))).as(crawl.output()).isZero();
    }
  }

  private SluiceProcess sluice(String... args) throws IOException {
    return SluiceProcess.start(dir.resolve("out.txt"), environment, args);
  }

  private static String config(CrawlYaml yaml, ScriptedWeb web) throws IOException {
    return yaml.write(web.url("h0", "/"), "test", web.port(), web.nameServer(), "").toString();
  }

  private static ProcessHandle fetcher(CrawlYaml yaml) throws IOException {
    return ProcessHandle.of(yaml.crawlDir().pid("fetcher")).orElseThrow();
  }

  private static Map<String, @Nullable Object> report(CrawlYaml yaml) throws IOException {
    return Json.object(
        Files.readString(yaml.crawlDir().path().resolve("logs/fetcher-shutdown.json")));
  }

  /** A number in the fetcher's status; -1 if the number is missing. */
  private static long status(CrawlYaml yaml, String name) throws Exception {
    return Status.of(yaml.crawlDir(), "fetcher").number(name);
  }

  /** How long each process reports that its own stop took. */
  private static Map<String, Duration> ownStops(CrawlYaml yaml) throws IOException {
    Line processes = new Line(yaml.crawlDir().report()).in("processes");
    Map<String, Duration> took = new TreeMap<>();
    processes
        .fields()
        .forEach(
            (process, report) -> {
              if (report != null) { // a process stopped before it was up leaves no report
                took.put(process, Duration.ofMillis(processes.in(process).number("took-ms")));
              }
            });
    return took;
  }

  private static void awaitLog(CrawlYaml yaml, String line) {
    await()
        .atMost(Duration.ofSeconds(10))
        .pollInterval(Duration.ofMillis(5))
        .until(() -> yaml.crawlDir().log("fetcher").contains(line));
  }

  private static Duration since(long nanos) {
    return Duration.ofNanos(System.nanoTime() - nanos);
  }
}
