package io.sluice.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lettuce.core.Range;
import io.sluice.core.lifecycle.ExitCode;
import io.sluice.core.testing.TestRedis;
import io.sluice.it.web.GeneratedWeb;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * If one process of a crawl is killed, stopped or paused, the crawl waits, continues by itself, and
 * ends as if nothing had happened.
 */
@Alone
class ProcessFaultsTest {

  private static final int HOSTS = 4;
  private static final int PAGES_PER_HOST = 60;
  private static final Duration CRAWL = Duration.ofMinutes(2);

  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  Path dir;

  @Test
  void killedRedisIsStartedAgainAndTheCrawlRepeatsNothing() throws Exception {
    redisIsLostAndTheCrawlGoesOn(Processes::kill);
  }

  @Test
  void redisStoppedByAStrangerIsStartedAgainAndTheCrawlRepeatsNothing() throws Exception {
    redisIsLostAndTheCrawlGoesOn(Processes::terminate);
  }

  @Test
  void pausedRedisIsWaitedFor() throws Exception {
    try (GeneratedWeb web = GeneratedWeb.start(HOSTS, PAGES_PER_HOST)) {
      CrawlYaml yaml = CrawlYaml.in(dir);
      try (SluiceProcess crawl = start(yaml.of(web))) {
        awaitRequests(web, 60, crawl);
        Processes.pause(redisPid());
        await()
            .atMost(CRAWL)
            .until(() -> yaml.crawlDir().log("fetcher").contains("does not answer"));
        Processes.goOn(redisPid());
        assertThat(crawl.exitWithin(CRAWL)).as(crawl.output()).isZero();
      }
      Expectations.exactlyTheTruthOnce(web, yaml.crawlDir());
      assertThat(part(yaml, "redis-server").number("restarts")).isZero();
    }
  }

  @Test
  @Tag("nightly")
  void redisThatCannotBeStartedAgainEndsTheCrawlWithStatusTwoAndOneLine() throws Exception {
    try (GeneratedWeb web = GeneratedWeb.start(HOSTS, PAGES_PER_HOST)) {
      CrawlYaml yaml = CrawlYaml.in(dir);
      try (SluiceProcess crawl = start(yaml.of(web))) {
        awaitRequests(web, 60, crawl);
        Files.delete(dir.resolve("crawl/redis/redis-server"));
        Processes.kill(redisPid());
        assertThat(crawl.exitWithin(Duration.ofMinutes(4))).as(crawl.output()).isEqualTo(2);
        assertThat(crawl.output().lines())
            .filteredOn(line -> line.contains("keeps crashing"))
            .singleElement()
            .asString()
            .contains("sluice: redis-server keeps crashing", "redis.log", "run again to continue");
      }
      try (SluiceProcess crawl = start(dir.resolve("crawl.yaml"))) {
        assertThat(crawl.exitWithin(CRAWL)).as(crawl.output()).isZero();
      }
      Expectations.eachPageStoredOnce(web, yaml.crawlDir());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"gzip", "zstd"})
  void aParserThatIsKilledTwiceIsReplacedAndTheRunEndsClean(String compression) throws Exception {
    try (GeneratedWeb web = GeneratedWeb.start(HOSTS, PAGES_PER_HOST)) {
      CrawlYaml yaml = CrawlYaml.in(dir).with("output: { compression: " + compression + " }\n");
      try (SluiceProcess crawl = start(yaml.of(web))) {
        awaitRequests(web, 40, crawl);
        long first = yaml.crawlDir().pid("parser-1");
        Processes.kill(first);
        await().atMost(CRAWL).until(() -> isUp("parser-1", first) || !crawl.alive());
        Processes.kill(yaml.crawlDir().pid("parser-1"));
        assertThat(crawl.exitWithin(CRAWL)).as(crawl.output()).isZero();
      }
      Expectations.exactlyTheTruthOnce(web, yaml.crawlDir());
      assertThat(part(yaml, "parser-1").number("restarts")).isEqualTo(2);
    }
  }

  @Test
  void aFetcherThatIsKilledIsReplacedAndTheRunEndsClean() throws Exception {
    try (GeneratedWeb web = GeneratedWeb.start(HOSTS, PAGES_PER_HOST)) {
      CrawlYaml yaml = CrawlYaml.in(dir);
      try (SluiceProcess crawl = start(yaml.of(web))) {
        awaitRequests(web, 60, crawl);
        Processes.kill(yaml.crawlDir().pid("fetcher"));
        assertThat(crawl.exitWithin(CRAWL)).as(crawl.output()).isZero();
      }
      assertThat(web.fetchesByPage().keySet()).containsExactlyInAnyOrderElementsOf(web.truth());
      Expectations.eachPageStoredOnce(web, yaml.crawlDir());
      assertThat(part(yaml, "fetcher").number("restarts")).isEqualTo(1);
      assertThat(part(yaml, "fetcher").text("ended")).isEqualTo("by-itself");
    }
  }

  @Test
  void aFetcherThatIsPausedForFiveSecondsGoesOn() throws Exception {
    try (GeneratedWeb web = GeneratedWeb.start(HOSTS, PAGES_PER_HOST);
        TestRedis redis = TestRedis.start()) {
      CrawlYaml yaml = CrawlYaml.in(dir).redis(redis.uri());
      try (SluiceProcess crawl = start(yaml.of(web))) {
        awaitRequests(web, 60, crawl);
        long fetcher = yaml.crawlDir().pid("fetcher");
        Processes.pause(fetcher);
        await().atMost(CRAWL).until(() -> secondsSilent("fetcher", redis) >= 5);
        Processes.goOn(fetcher);
        assertThat(crawl.exitWithin(CRAWL)).as(crawl.output()).isZero();
      }
      Expectations.exactlyTheTruthOnce(web, yaml.crawlDir());
      assertThat(part(yaml, "fetcher").number("restarts")).isZero();
    }
  }

  /** Returns the seconds since Redis last received a command from a process. */
  private static long secondsSilent(String process, TestRedis redis) {
    return redis
        .commands()
        .clientList()
        .lines()
        .filter(client -> client.contains("name=sluice-" + process))
        .mapToLong(client -> Long.parseLong(client.replaceFirst(".* idle=(\\d+) .*", "$1")))
        .min()
        .orElseThrow();
  }

  @Test
  void aParserThatHangsOnAPageEndsItselfAndThePageIsParsedByTheNext() throws Exception {
    try (GeneratedWeb web = GeneratedWeb.start(HOSTS, PAGES_PER_HOST)) {
      CrawlYaml yaml = CrawlYaml.in(dir).with("parser: { page-timeout: 1s }\n");
      try (SluiceProcess crawl = start(yaml.of(web), "PARSING:20")) {
        awaitFile(dir.resolve("PARSING.reached"), crawl);
        assertThat(crawl.exitWithin(CRAWL)).as(crawl.output()).isZero();
        assertThat(crawl.output()).contains("parser-1 ended with status 2: starting it again");
      }
      Expectations.exactlyTheTruthOnce(web, yaml.crawlDir());
    }
  }

  /** The only queued page makes every parser that gets it hang. */
  @Test
  void aPageThatNoParserSurvivesIsGivenUpAfterThreeStrikesAndTheRunEnds() throws Exception {
    try (GeneratedWeb web = GeneratedWeb.start(1, PAGES_PER_HOST);
        TestRedis redis = TestRedis.start()) {
      CrawlYaml yaml =
          CrawlYaml.in(dir)
              .redis(redis.uri())
              .with("parser: { threads: 1, page-timeout: 500ms }\n");
      Path reached = dir.resolve("PARSING.reached");
      try (SluiceProcess crawl = start(yaml.of(web), "PARSING:1")) {
        // The first parser may hang at another page of its batch; after that, the page is parsed
        // alone three times.
        for (int parsers = 1; parsers <= 4; parsers++) {
          awaitFile(reached, crawl);
          Files.delete(reached); // so that the next parser's arrival is noticed, too
        }
        int noPage = ExitCode.NO_PAGE.status();
        assertThat(crawl.exitWithin(CRAWL)).as(crawl.output()).isEqualTo(noPage);
      }
      assertThat(redis.commands().xrange(CrawlYaml.KEYS.dead(), Range.unbounded()))
          .singleElement()
          .satisfies(dead -> assertThat(dead.getBody()).containsEntry("reason", "poison-page"));
      assertThat(yaml.crawlDir().crawlLog())
          .singleElement()
          .satisfies(
              line -> {
                assertThat(line.url()).isEqualTo(web.seed());
                assertThat(line.text("outcome")).isEqualTo("failed");
                assertThat(line.text("reason")).isEqualTo("poison-page");
              });
      assertThat(web.fetchesByPage()).isEqualTo(Map.of(web.seed(), 1L));
      assertThat(reached).as("a fifth parser that got it").doesNotExist();
    }
  }

  private boolean isUp(String process, long otherThan) {
    try {
      return new CrawlDir(dir.resolve("crawl")).pid(process) != otherThan;
    } catch (IOException e) {
      return false;
    }
  }

  /** Returns a part of the crawl from the supervisor's report. */
  private static Line part(CrawlYaml yaml, String name) throws IOException {
    Line supervisor = new Line(yaml.crawlDir().report()).in("processes").in("supervisor");
    assertThat(supervisor.in("audit").text("clean")).as("%s", supervisor).isEqualTo("true");
    return supervisor.list("parts").stream()
        .filter(part -> part.text("name").equals(name))
        .findFirst()
        .orElseThrow();
  }

  private void redisIsLostAndTheCrawlGoesOn(Signal signal) throws Exception {
    try (GeneratedWeb web = GeneratedWeb.start(HOSTS, PAGES_PER_HOST)) {
      CrawlYaml yaml = CrawlYaml.in(dir);
      try (SluiceProcess crawl = start(yaml.of(web))) {
        awaitRequests(web, 60, crawl);
        signal.send(redisPid());
        assertThat(crawl.exitWithin(CRAWL)).as(crawl.output()).isZero();
        assertThat(crawl.output())
            .contains("redis-server ended: starting it again in 1 s")
            .contains("redis-server is running again; the crawl goes on");
      }
      Expectations.exactlyTheTruthOnce(web, yaml.crawlDir());
      assertThat(part(yaml, "redis-server").number("restarts")).isEqualTo(1);
    }
  }

  @Test
  void killedSupervisorTakesAllProcessesAlongWithinFiveSecondsEvenAParserThatHangs()
      throws Exception {
    try (GeneratedWeb web = GeneratedWeb.start(HOSTS, PAGES_PER_HOST)) {
      CrawlYaml yaml = CrawlYaml.in(dir);
      Path config = yaml.of(web);
      try (SluiceProcess crawl = start(config, "PARSING:20")) {
        awaitFile(dir.resolve("PARSING.reached"), crawl);
        List<ProcessHandle> all = new ArrayList<>(crawl.descendants());
        ProcessHandle.of(redisPid()).ifPresent(all::add);
        assertThat(all).as("fetcher, parser, guardian, Redis").hasSizeGreaterThanOrEqualTo(4);
        crawl.handle().destroyForcibly();
        await()
            .atMost(Duration.ofSeconds(5))
            .until(() -> all.stream().allMatch(process -> !Processes.runs(process)));
      }
      try (SluiceProcess crawl = start(config)) {
        assertThat(crawl.exitWithin(CRAWL)).as(crawl.output()).isZero();
      }
      assertThat(web.fetchesByPage().keySet()).containsExactlyInAnyOrderElementsOf(web.truth());
      Expectations.eachPageStoredOnce(web, yaml.crawlDir());
    }
  }

  private static void awaitFile(Path file, SluiceProcess crawl) throws IOException {
    await().atMost(CRAWL).until(() -> Files.exists(file) || !crawl.alive());
    assertThat(file).as(crawl.output()).exists();
  }

  /** Sends a signal. */
  private interface Signal {
    void send(long pid) throws IOException, InterruptedException;
  }

  private SluiceProcess start(Path config) throws IOException {
    return SluiceProcess.start(dir.resolve("out.txt"), Map.of(), "run", config.toString());
  }

  /** Starts a crawl that holds the n-th arrival at a kill point for ten seconds. */
  private SluiceProcess start(Path config, String point) throws IOException {
    Map<String, String> hold =
        Map.of("JAVA_TOOL_OPTIONS", "-Dsluice.kill-point=" + point + ":" + dir);
    return SluiceProcess.start(dir.resolve("out.txt"), hold, "run", config.toString());
  }

  private static void awaitRequests(GeneratedWeb web, int requests, SluiceProcess crawl)
      throws IOException {
    await()
        .atMost(Duration.ofMinutes(1))
        .pollInterval(Duration.ofMillis(1))
        .until(() -> web.requests().size() >= requests || !crawl.alive());
    assertThat(web.requests()).as(crawl.output()).hasSizeGreaterThanOrEqualTo(requests);
  }

  private long redisPid() throws IOException {
    return Long.parseLong(Files.readString(dir.resolve("crawl/redis/redis.pid")).strip());
  }
}
