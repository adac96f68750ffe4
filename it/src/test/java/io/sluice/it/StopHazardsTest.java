package io.sluice.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.core.fault.KillPoint;
import io.sluice.core.lifecycle.ExitCode;
import io.sluice.core.testing.TestRedis;
import io.sluice.it.web.GeneratedWeb;
import io.sluice.it.web.ScriptedWeb;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * The cells of the stop matrix in which something else goes wrong, too: a request or a page that
 * does not end, a parser that was suspended for too long, a Redis server that lost data.
 */
@Alone
class StopHazardsTest {

  private static final Duration LONG = Duration.ofMinutes(1);

  /**
   * Maximum duration of a stop, including the second that parsers get even if the fetcher has used
   * up the deadline.
   */
  private static final Duration IN_TIME =
      StopRun.DEADLINE.plus(StopRun.BEYOND_DEADLINE).plus(Duration.ofSeconds(1));

  private static final String SETTINGS =
      """
      parser: { batch-pages: 8, batch-time: 20ms, processes: %d, threads: 1 }
      shutdown: { deadline: 3s }
      """;

  /** Settings for tests in which pages must be parsed before the end, however long that takes. */
  private static final String PATIENT = SETTINGS.replace("deadline: 3s", "deadline: 30s");

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
        crawl.awaitRunning(() -> web.requests().stream().filter(r -> r.status() == 0).count() == 2);
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
        crawl.awaitRunning(hang::reached);
        assertThat(stop(crawl)).as(crawl.output()).isEqualTo(2);
      }
      assertThat(StopAudit.of(yaml.crawlDir()).complaints())
          .as("its thread and its files are left to the process's end, and to nobody else's")
          .isNotEmpty()
          .allMatch(complaint -> complaint.startsWith("parser-1: "));
      Line left = new Line(yaml.crawlDir().report()).in("processes").in("parser-1").in("audit");
      assertThat(left.values("threads"))
          .singleElement()
          .asString()
          .matches("parser-.+-[0-9a-f]{6}-\\d+");
      assertThat(left.values("ledger-entries"))
          .allMatch(
              entry ->
                  entry.toString().contains("/output/slots/")
                      || entry.toString().startsWith("buffer of parser.")
                      || entry.equals("thread of parser.worker"));
      runToItsEnd(config);

      StopOracle oracle = StopOracle.of(web, yaml.crawlDir());
      assertThat(oracle.repeated()).isEmpty();
      eachPageIsStoredOnce(oracle);
    }
  }

  @Test
  void aStopBetweenTwoLivesOfTheOnlyParserStillParsesWhatWasFetched() throws Exception {
    try (GeneratedWeb web = GeneratedWeb.start(3, 40)) {
      CrawlYaml yaml = CrawlYaml.in(dir).delay("10ms").with(PATIENT.formatted(1));
      String config = yaml.of(web).toString();
      try (SluiceProcess crawl = start(List.of(), config)) {
        long parser = pausedWithPagesWaiting(crawl, web, yaml.crawlDir());
        Processes.kill(parser);
        crawl.awaitRunning(() -> crawl.output().contains("parser-1 ended with status 137"));
        crawl.terminate();
        assertThat(crawl.exitWithin(LONG)).as(crawl.output()).isZero();
        assertThat(crawl.output()).contains("; run again to continue").doesNotContain(" to parse");
      }
      assertThat(StopOracle.unparsed(web, yaml.crawlDir())).as("fetched, not parsed").isEmpty();
      assertThat(StopAudit.of(yaml.crawlDir()).resting()).isZero();
    }
  }

  /**
   * Pauses the only parser once it is up, and waits until pages are queued for it; returns its
   * process id.
   */
  private static long pausedWithPagesWaiting(SluiceProcess crawl, GeneratedWeb web, CrawlDir dir)
      throws Exception {
    crawl.awaitRunning(() -> web.fetchesByPage().size() > 20 && dir.isUp("parser-1"));
    long parser = dir.pid("parser-1");
    Processes.pause(parser);
    int before = web.fetchesByPage().size();
    crawl.awaitRunning(() -> web.fetchesByPage().size() > before); // not yet delivered to a parser
    return parser;
  }

  /** Parsers send no outcomes for redirects, but must archive them. */
  @Test
  void aStopBetweenTwoLivesOfTheOnlyParserStillArchivesRedirects() throws Exception {
    try (ScriptedWeb web =
        ScriptedWeb.start(talk -> talk.redirect("/" + talk.path().length() + talk.path()))) {
      CrawlYaml yaml = CrawlYaml.in(dir).delay("400ms").with(PATIENT.formatted(1));
      IntStream.range(1, 4).forEach(host -> yaml.seed(web.url("h" + host, "/")));
      String config =
          yaml.write(web.url("h0", "/"), "test", web.port(), web.nameServer(), "").toString();
      try (SluiceProcess crawl = start(List.of(), config)) {
        crawl.awaitRunning(() -> yaml.crawlDir().isUp("parser-1"));
        long parser = yaml.crawlDir().pid("parser-1");
        Processes.pause(parser);
        int before = web.asked().size();
        crawl.awaitRunning(() -> web.asked().size() > before + 4); // not yet delivered to a parser
        Processes.kill(parser);
        crawl.awaitRunning(() -> crawl.output().contains("parser-1 ended with status 137"));
        crawl.terminate();
        assertThat(crawl.exitWithin(LONG)).as(crawl.output()).isZero();
      }
      assertThat(yaml.crawlDir().warcOthers()).containsAll(web.asked().keySet());
    }
  }

  @Test
  void aCrawlEndsOnceItsLastRedirectIsArchivedThoughNothingIsQueued() throws Exception {
    try (ScriptedWeb web = ScriptedWeb.start(talk -> talk.redirect("http://elsewhere.example/"))) {
      CrawlYaml yaml = CrawlYaml.in(dir).delay("1s").with(PATIENT.formatted(1));
      for (int seed = 1; seed < 6; seed++) {
        yaml.seed(web.url("h", "/" + seed));
      }
      String config =
          yaml.write(web.url("h", "/"), "test", web.port(), web.nameServer(), "").toString();
      try (SluiceProcess crawl = start(List.of(), config)) {
        crawl.awaitRunning(() -> yaml.crawlDir().isUp("parser-1"));
        long parser = yaml.crawlDir().pid("parser-1");
        Processes.pause(parser);
        crawl.awaitRunning(() -> waitsForParsersAlone(yaml.crawlDir()));
        assertThat(web.asked()).hasSize(6);
        Processes.kill(parser);
        assertThat(crawl.exitWithin(LONG)).as(crawl.output()).isEqualTo(ExitCode.NO_PAGE.status());
      }
      assertThat(yaml.crawlDir().warcOthers()).containsAll(web.asked().keySet());
    }
  }

  private static boolean waitsForParsersAlone(CrawlDir crawl)
      throws IOException, InterruptedException {
    Status status = Status.of(crawl, "fetcher");
    return status.number("queued") + status.number("inFlight") == 0
        && status.number("outstandingRecords") > 0;
  }

  @Test
  void pagesThatWaitForParsersWhenTheCrawlIsStoppedAreParsedBeforeItHasStopped() throws Exception {
    try (GeneratedWeb web = GeneratedWeb.start(3, 40)) {
      CrawlYaml yaml = CrawlYaml.in(dir).delay("10ms").with(PATIENT.formatted(1));
      String config = yaml.of(web).toString();
      try (SluiceProcess crawl = start(List.of(), config)) {
        long parser = pausedWithPagesWaiting(crawl, web, yaml.crawlDir());
        crawl.terminate();
        crawl.awaitRunning(() -> yaml.crawlDir().log("supervisor").contains("fetcher ended"));
        Processes.goOn(parser);
        assertThat(crawl.exitWithin(LONG)).as(crawl.output()).isZero();
        assertThat(crawl.output()).contains("; run again to continue").doesNotContain(" to parse");
      }
      assertThat(StopOracle.unparsed(web, yaml.crawlDir())).as("fetched, not parsed").isEmpty();
      assertThat(StopAudit.of(yaml.crawlDir()).resting()).isZero();
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
        crawl.awaitRunning(hold::reached);
        ProcessHandle away = hold.holder();
        Processes.pause(away.pid());
        assertThat(pending(redis)).as("pages that it has, or another parser").isPositive();
        hold.go();
        // the paused parser has a batch that only another parser can commit
        crawl.awaitRunning(() -> pending(redis) == 0);
        Processes.goOn(away.pid());
        assertThat(crawl.exitWithin(LONG)).as(crawl.output()).isZero();
      }
      String logs = yaml.crawlDir().log("parser-1") + yaml.crawlDir().log("parser-2");
      assertThat(logs).contains("dropped a batch: not-ours");
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
        crawl.awaitRunning(() -> web.requests().size() >= 30);
        Path backup = copy(redis.appendOnlyDir(), dir.resolve("backup"));
        long copied = System.nanoTime();
        crawl.awaitRunning(() -> System.nanoTime() - copied > Duration.ofSeconds(5).toNanos());
        LeasesOut before = LeasesOut.before(web, yaml.crawlDir());
        redis.kill();
        copy(backup, redis.appendOnlyDir());
        redis.restart();
        out = before.shown() + web.asked().size() - before.requests();
        assertThat(crawl.exitWithin(LONG)).as(crawl.output()).isZero();
      }
      StopOracle oracle = StopOracle.of(web, yaml.crawlDir());
      // finished URLs are in the frontier's journal, whatever data Redis loses
      assertThat(oracle.repetitions()).as("what was out").isLessThanOrEqualTo(out);
      assertThat(yaml.crawlDir().log("fetcher")).contains("Redis restarted or lost its data");
      noPageIsLost(web, oracle);
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
        crawl.awaitRunning(() -> web.requests().size() >= 90);
        long parser = yaml.crawlDir().pid("parser-1");
        Processes.pause(parser);
        crawl.awaitRunning(() -> redis.commands().xlen(CrawlYaml.KEYS.pages()) > 0);
        redis.commands().flushall();
        Processes.goOn(parser);
        assertThat(stop(crawl)).as(crawl.output()).isZero();
      }
      assertThat(StopAudit.of(yaml.crawlDir()).complaints()).isEmpty();
      runToItsEnd(config);
      StopOracle oracle = StopOracle.of(web, yaml.crawlDir());
      noPageIsLost(web, oracle);
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

  /** Sends SIGTERM; returns the exit status. The process must end in time. */
  private static int stop(SluiceProcess crawl) throws Exception {
    assertThat(crawl.alive()).as(crawl.output()).isTrue();
    List<ProcessHandle> children = crawl.descendants();
    crawl.terminate();
    int exit = crawl.exitWithin(IN_TIME);
    assertThat(Processes.alive(children)).as("orphans").isEmpty();
    return exit;
  }

  private static long pending(TestRedis redis) {
    return redis.commands().xpending(CrawlYaml.KEYS.pages(), "parsers").getCount();
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

  /** Checks that no page is lost; records of redirects may be, if Redis lost them. */
  private static void noPageIsLost(GeneratedWeb web, StopOracle oracle) {
    assertThat(oracle.lost()).as("never asked for").isEmpty();
    Set<String> pages = web.truth();
    assertThat(oracle.unstored()).as("not in the output").noneMatch(pages::contains);
    assertThat(oracle.strangers()).as("not in the web").isEmpty();
  }

  private static void nothingIsLost(StopOracle oracle) {
    assertThat(oracle.lost()).as("lost").isEmpty();
    assertThat(oracle.unstored()).as("not in the output").isEmpty();
    assertThat(oracle.strangers()).as("not in the web").isEmpty();
  }
}
