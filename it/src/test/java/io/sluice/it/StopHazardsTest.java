package io.sluice.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.core.fault.KillPoint;
import io.sluice.core.testing.TestRedis;
import io.sluice.it.web.GeneratedWeb;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * The cells of the stop matrix in which something else goes wrong as well: a request or a page that
 * does not end, a parser that was away for too long, a Redis that lost data.
 */
@Alone
class StopHazardsTest {

  private static final Duration LONG = Duration.ofMinutes(1);

  /** Parsers have a second, though the fetcher used up the time of all. */
  private static final Duration IN_TIME =
      StopRun.DEADLINE.plus(StopRun.BEYOND_DEADLINE).plus(Duration.ofSeconds(1));

  private static final String SETTINGS =
      """
      parser: { batch-pages: 8, batch-time: 20ms, processes: %d, threads: 1 }
      shutdown: { deadline: 3s }
      """;

  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  Path dir;

  @Test
  void requestsThatOutliveTheDeadlineAreListedAndTheyAloneRepeat() throws Exception {
    try (GeneratedWeb web = GeneratedWeb.start(3, 40)) {
      web.stall(0, 7);
      web.stall(2, 3);
      CrawlYaml yaml = CrawlYaml.in(dir).delay("10ms").with(SETTINGS.formatted(1));
      String config = yaml.of(web).toString();
      try (SluiceProcess crawl = start(List.of(), config)) {
        awaitOrEnd(crawl, () -> web.requests().stream().filter(r -> r.status() == 0).count() == 2);
        assertThat(stop(crawl)).as(crawl.output()).isEqualTo(2);
      }
      StopAudit audit = StopAudit.of(yaml.crawlDir());
      assertThat(audit.complaints()).isEmpty();
      assertThat(audit.forced())
          .hasSize(2)
          .anyMatch(url -> url.endsWith("/p/7.html"))
          .anyMatch(url -> url.endsWith("/p/3.html"));
      runToItsEnd(config);

      StopOracle oracle = StopOracle.of(web, yaml.crawlDir());
      assertThat(oracle.repeated()).containsOnlyKeys(audit.forced());
      eachPageIsStoredOnce(oracle);
    }
  }

  @Test
  void aWorkerThatNeverReturnsCostsTheDeadlineAndNothingElse() throws Exception {
    try (GeneratedWeb web = GeneratedWeb.start(3, 40)) {
      CrawlYaml yaml = CrawlYaml.in(dir).delay("10ms").with(SETTINGS.formatted(1));
      String config = yaml.of(web).toString();
      KillDir hang = KillDir.in(dir, KillPoint.PARSING, 15);
      try (SluiceProcess crawl = start(hang.jvmOptions(), config)) {
        awaitOrEnd(crawl, hang::reached);
        assertThat(stop(crawl)).as(crawl.output()).isEqualTo(2);
      }
      assertThat(StopAudit.of(yaml.crawlDir()).complaints())
          .as("its thread and its files are left to the process's end, and to nobody else's")
          .isNotEmpty()
          .allMatch(complaint -> complaint.startsWith("parser-1: "));
      Line left = new Line(yaml.crawlDir().report()).in("processes").in("parser-1").in("audit");
      assertThat(left.values("threads")).singleElement().asString().startsWith("parser-p0-");
      assertThat(left.values("ledger-entries"))
          .allMatch(
              entry ->
                  entry.toString().contains("/output/slots/")
                      || entry.equals("thread of parser.worker"));
      runToItsEnd(config);

      StopOracle oracle = StopOracle.of(web, yaml.crawlDir());
      assertThat(oracle.repeated()).isEmpty();
      eachPageIsStoredOnce(oracle);
    }
  }

  @Test
  void aParserThatWasAwayForTooLongFindsItsPagesTakenAndCutsItsOutput() throws Exception {
    try (GeneratedWeb web = GeneratedWeb.start(3, 40);
        TestRedis redis = TestRedis.start()) {
      CrawlYaml yaml =
          CrawlYaml.in(dir)
              .delay("10ms")
              .redis(redis.uri())
              .with(SETTINGS.formatted(2).replace("threads: 1", "threads: 1, page-timeout: 1s"));
      String config = yaml.of(web).toString();
      KillDir hold = KillDir.in(dir, KillPoint.OUTPUT_SYNCED, 2);
      try (SluiceProcess crawl = start(hold.jvmOptions(), config)) {
        awaitOrEnd(crawl, hold::reached);
        ProcessHandle away = hold.holder();
        Processes.pause(away.pid());
        hold.go();
        // It has a batch that only another parser can commit.
        awaitOrEnd(crawl, () -> pending(redis) == 0);
        Processes.goOn(away.pid());
        assertThat(crawl.exitWithin(LONG)).as(crawl.output()).isZero();
      }
      String logs = yaml.crawlDir().log("parser-1") + yaml.crawlDir().log("parser-2");
      assertThat(logs).contains("drops a batch: not-ours");
      StopOracle oracle = StopOracle.of(web, yaml.crawlDir());
      assertThat(oracle.repeated()).isEmpty();
      eachPageIsStoredOnce(oracle);
    }
  }

  @Test
  void aRedisThatIsFiveSecondsBackLosesNoPage() throws Exception {
    try (GeneratedWeb web = GeneratedWeb.start(3, 40);
        TestRedis redis = TestRedis.start()) {
      CrawlYaml yaml =
          CrawlYaml.in(dir).delay("100ms").redis(redis.uri()).with(SETTINGS.formatted(1));
      String config = yaml.of(web).toString();
      long out;
      try (SluiceProcess crawl = start(List.of(), config)) {
        awaitOrEnd(crawl, () -> web.requests().size() >= 30);
        Path backup = copy(redis.appendOnlyDir(), dir.resolve("backup"));
        long copied = System.nanoTime();
        awaitOrEnd(crawl, () -> System.nanoTime() - copied > Duration.ofSeconds(5).toNanos());
        LeasesOut before = LeasesOut.before(web, yaml.crawlDir());
        redis.kill();
        copy(backup, redis.appendOnlyDir());
        redis.restart();
        out = before.shown() + web.asked().size() - before.requests();
        assertThat(crawl.exitWithin(LONG)).as(crawl.output()).isZero();
      }
      StopOracle oracle = StopOracle.of(web, yaml.crawlDir());
      // What was done is in the frontier's journal, whatever Redis forgets.
      assertThat(oracle.repetitions()).as("what was out").isLessThanOrEqualTo(out);
      assertThat(yaml.crawlDir().log("fetcher")).contains("Redis restarted or lost its data");
      nothingIsLost(oracle);
    }
  }

  @Test
  void whatWasOutstandingInAFlushedRedisIsAskedForAgain() throws Exception {
    try (GeneratedWeb web = GeneratedWeb.start(3, 40);
        TestRedis redis = TestRedis.start()) {
      CrawlYaml yaml =
          CrawlYaml.in(dir).delay("10ms").redis(redis.uri()).with(SETTINGS.formatted(1));
      String config = yaml.of(web).toString();
      try (SluiceProcess crawl = start(List.of(), config)) {
        awaitOrEnd(crawl, () -> web.requests().size() >= 90);
        long parser = yaml.crawlDir().pid("parser-1");
        Processes.pause(parser);
        awaitOrEnd(crawl, () -> redis.commands().xlen("{p0}:pages") > 0);
        redis.commands().flushall();
        Processes.goOn(parser);
        assertThat(stop(crawl)).as(crawl.output()).isZero();
      }
      assertThat(StopAudit.of(yaml.crawlDir()).complaints()).isEmpty();
      runToItsEnd(config);
      StopOracle oracle = StopOracle.of(web, yaml.crawlDir());
      nothingIsLost(oracle);
      assertThat(oracle.repetitions()).as("what was in Redis is asked for again").isPositive();
    }
  }

  private SluiceProcess start(List<String> jvmOptions, String config) throws IOException {
    return SluiceProcess.start(dir.resolve("out.txt"), Map.of(), jvmOptions, "run", config);
  }

  private void runToItsEnd(String config) throws Exception {
    try (SluiceProcess crawl = start(List.of(), config)) {
      assertThat(crawl.exitWithin(LONG)).as(crawl.output()).isZero();
    }
  }

  /** Sends SIGTERM; the exit status, which must come in time. */
  private static int stop(SluiceProcess crawl) throws Exception {
    assertThat(crawl.alive()).as(crawl.output()).isTrue();
    List<ProcessHandle> children = crawl.descendants();
    crawl.terminate();
    int exit = crawl.exitWithin(IN_TIME);
    assertThat(Processes.alive(children)).as("orphans").isEmpty();
    return exit;
  }

  private static void awaitOrEnd(SluiceProcess crawl, Callable<Boolean> condition)
      throws IOException {
    await()
        .atMost(LONG)
        .pollInterval(Duration.ofMillis(5))
        .until(() -> condition.call() || !crawl.alive());
    assertThat(crawl.alive()).as("ended:\n%s", crawl.output()).isTrue();
  }

  private static long pending(TestRedis redis) {
    return redis.commands().xpending("{p0}:pages", "parsers").getCount();
  }

  private static Path copy(Path from, Path to) throws IOException {
    Files.createDirectories(to);
    try (Stream<Path> files = Files.list(from)) {
      for (Path file : files.toList()) {
        Files.copy(file, to.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
      }
    }
    return to;
  }

  private static void eachPageIsStoredOnce(StopOracle oracle) {
    nothingIsLost(oracle);
    assertThat(oracle.doubled()).as("twice in the output").isEmpty();
  }

  private static void nothingIsLost(StopOracle oracle) {
    assertThat(oracle.lost()).as("lost").isEmpty();
    assertThat(oracle.unstored()).as("not in the output").isEmpty();
    assertThat(oracle.strangers()).as("not in the web").isEmpty();
  }
}
