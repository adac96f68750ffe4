package io.sluice.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.core.testing.RedisExtension;
import io.sluice.core.testing.TestRedis;
import io.sluice.it.web.GeneratedWeb;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * Faults of Redis during a crawl: the crawl waits, reports the fault once in each process's log, in
 * health and in metrics, and continues by itself. It stores each page exactly once, or at least
 * once if Redis lost data, which is reported.
 */
@ExtendWith(RedisExtension.class)
class RedisFaultsTest {

  /** Half the time without an answer after which a process reports that Redis does not answer. */
  private static final Duration STALL = Duration.ofMillis(1500);

  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  Path dir;

  private TestRedis redis;

  @BeforeEach
  void own(TestRedis server) {
    redis = server;
  }

  /**
   * Checks that the crawl ends and that each process reported the fault's start and its end once.
   */
  private static void endsHavingWaitedOnce(WatchedCrawl crawl, String reason) throws Exception {
    crawl.awaitReady();
    crawl.awaitEnd();
    Expectations.exactlyTheTruthOnce(crawl.web(), crawl.dir());
    toldOnce(crawl, reason);
  }

  private static void toldOnce(WatchedCrawl crawl, String reason) throws IOException {
    for (String process : WatchedCrawl.PROCESSES) {
      assertThat(crawl.warnings(process)).as(process).hasSize(1);
      assertThat(crawl.told(process, reason)).as("%s told: %s", process, reason).isTrue();
      assertThat(crawl.recoveries(process)).as(process).isEqualTo(1);
    }
  }

  @Test
  void aStoppedRedisIsWaitedFor() throws Exception {
    try (WatchedCrawl crawl = WatchedCrawl.start(dir, redis).awaitUnderWay()) {
      redis.stop();
      crawl.awaitWaiting("cannot be reached");
      redis.restart();
      endsHavingWaitedOnce(crawl, "cannot be reached");
    }
  }

  @Test
  void aKilledRedisIsWaitedForWithoutFetchingEverMore() throws Exception {
    try (WatchedCrawl crawl = WatchedCrawl.start(dir, redis).awaitUnderWay()) {
      redis.kill();
      crawl.awaitWaiting("cannot be reached");
      crawl.web().letGo();
      awaitStandstill(crawl.web(), Duration.ofSeconds(1));
      assertThat(crawl.metric("fetcher", "sluice_frontier_leased"))
          .as("bounded by credit")
          .isLessThan(60);
      assertThat(crawl.metric("fetcher", "sluice_redis_waiting_seconds_total")).isPositive();
      crawl.web().holdBack();
      redis.restart();
      endsHavingWaitedOnce(crawl, "cannot be reached");
    }
  }

  @Test
  void aPausedRedisIsWaitedForAndItsLateAnswersDoNoHarm() throws Exception {
    try (WatchedCrawl crawl = WatchedCrawl.start(dir, redis).awaitUnderWay()) {
      redis.pause();
      try {
        crawl.awaitWaiting("Redis at");
      } finally {
        redis.resume();
      }
      endsHavingWaitedOnce(crawl, "Redis at");
    }
  }

  @Test
  void aFlushedRedisHasWhatWasOutstandingFetchedAgainAndItIsSaid() throws Exception {
    try (WatchedCrawl crawl = WatchedCrawl.start(dir, redis).awaitUnderWay()) {
      ProcessHandle parser = ProcessHandle.of(crawl.dir().pid("parser-1")).orElseThrow();
      Processes.pause(parser.pid());
      crawl.web().letGo();
      await().until(() -> redis.commands().xlen(CrawlYaml.KEYS.pages()) > 0);
      redis.commands().flushall();
      Processes.goOn(parser.pid());
      crawl.awaitEnd();
      assertThat(crawl.web().fetchesByPage().keySet())
          .containsExactlyInAnyOrderElementsOf(crawl.web().truth());
      assertThat(crawl.dir().pages())
          .filteredOn(page -> page.number("status") == 200)
          .extracting(Line::url)
          .containsAll(crawl.web().truth());
      long refetched =
          crawl.web().fetchesByPage().values().stream().mapToLong(times -> times - 1).sum();
      assertThat(refetched).isPositive();
      assertThat(crawl.warnings("fetcher")).anyMatch(line -> line.contains("fetched again"));
    }
  }

  @Test
  void aFullRedisHoldsPagesBackWhileParsersCommit() throws Exception {
    try (WatchedCrawl crawl = WatchedCrawl.start(dir, redis).awaitUnderWay()) {
      redis.commands().configSet("maxmemory", "1");
      crawl.awaitWaiting("Redis is full");
      await().until(() -> redis.commands().xlen(CrawlYaml.KEYS.pages()) == 0);
      redis.commands().configSet("maxmemory", "0");
      endsHavingWaitedOnce(crawl, "Redis is full");
    } finally {
      redis.commands().configSet("maxmemory", "0");
    }
  }

  @Test
  void aPolicyThatEvictsIsRefusedAtTheStartWithItsRemedy() throws Exception {
    evicting(true);
    try {
      refused("set maxmemory-policy noeviction");
    } finally {
      evicting(false);
    }
  }

  @Test
  void aPolicyThatEvictsHoldsPagesBackUntilItIsMended() throws Exception {
    try (WatchedCrawl crawl = WatchedCrawl.start(dir, redis).awaitUnderWay()) {
      evicting(true);
      crawl.awaitWaiting("evicts data");
      evicting(false);
      endsHavingWaitedOnce(crawl, "set maxmemory-policy noeviction");
    } finally {
      evicting(false);
    }
  }

  private void evicting(boolean on) {
    redis.commands().configSet("maxmemory", on ? "500mb" : "0");
    redis.commands().configSet("maxmemory-policy", on ? "allkeys-lru" : "noeviction");
  }

  @Test
  void aReplicaIsRefusedAtTheStartWithItsRemedy() throws Exception {
    redis.commands().replicaof("127.0.0.1", 1);
    try {
      refused("is a read-only replica: name its primary");
    } finally {
      redis.commands().replicaofNoOne();
    }
  }

  /** Checks that the crawl does not start and that one line is printed for the user. */
  private void refused(String remedy) throws Exception {
    Path output = dir.resolve("out.txt");
    try (GeneratedWeb web = GeneratedWeb.start(1, 1)) {
      String config = CrawlYaml.in(dir).redis(redis.uri()).of(web).toString();
      try (SluiceProcess crawl = SluiceProcess.start(output, Map.of(), "run", config)) {
        assertThat(crawl.exitWithin(Duration.ofMinutes(1))).as(crawl.output()).isEqualTo(1);
        assertThat(crawl.output()).contains(remedy).doesNotContain("\tat ");
      }
      assertThat(web.requests()).isEmpty();
    }
  }

  @Test
  void aRedisThatBecomesAReplicaIsWaitedForUntilItIsAPrimary() throws Exception {
    try (WatchedCrawl crawl = WatchedCrawl.start(dir, redis).awaitUnderWay()) {
      redis.commands().replicaof("127.0.0.1", 1);
      crawl.awaitWaiting("read-only replica");
      redis.commands().replicaofNoOne();
      endsHavingWaitedOnce(crawl, "read-only replica");
    } finally {
      redis.commands().replicaofNoOne();
    }
  }

  @Test
  void aRedisThatLoadsItsDataIsWaitedFor() throws Exception {
    redis
        .commands()
        .eval(
            "for i = 1, 1200000 do redis.call('set', i, '') end return 1",
            io.lettuce.core.ScriptOutputType.INTEGER);
    try (WatchedCrawl crawl = WatchedCrawl.start(dir, redis).awaitUnderWay()) {
      redis.kill();
      crawl.awaitWaiting("cannot be reached");
      redis.restart(); // loading takes a second or two; DiagnosisTest covers the reports meanwhile
      endsHavingWaitedOnce(crawl, "cannot be reached");
    }
  }

  @Test
  void aConsumerGroupThatIsGoneIsMadeAgain() throws Exception {
    try (WatchedCrawl crawl = WatchedCrawl.start(dir, redis).awaitUnderWay()) {
      redis.commands().xgroupDestroy(CrawlYaml.KEYS.pages(), "parsers");
      crawl.awaitEnd();
      Expectations.exactlyTheTruthOnce(crawl.web(), crawl.dir());
      assertThat(crawl.warnings("fetcher")).isEmpty();
      assertThat(crawl.warnings("parser-1"))
          .singleElement()
          .asString()
          .contains("the consumer group parsers was gone; it was created again");
    }
  }

  @Test
  void aSlowRedisMakesASlowCrawlAndNothingElse() throws Exception {
    try (WatchedCrawl crawl = WatchedCrawl.start(dir, redis).awaitUnderWay()) {
      long began = System.nanoTime();
      redis.commands().clientPause(STALL.toMillis()); // delays every reply by that time
      crawl.web().letGo();
      awaitStandstill(crawl.web(), Duration.ofMillis(500)); // enough time for fifty requests
      double leased = crawl.metric("fetcher", "sluice_frontier_leased");
      if (Duration.ofNanos(System.nanoTime() - began).compareTo(STALL) < 0) {
        assertThat(leased).as("what waits for Redis, bounded by credit").isBetween(1.0, 60.0);
      } // if not, the machine was too busy to read the metric in time
      for (int stall = 0; stall < 10; stall++) {
        redis.commands().clientPause(300);
      }
      for (String process : WatchedCrawl.PROCESSES) {
        assertThat(crawl.metric(process, "sluice_redis_probe_seconds_max"))
            .as("the longest answer to %s", process)
            .isBetween(1.0, 3.0);
        assertThat(crawl.metric(process, "sluice_redis_waiting_seconds_total")).isZero();
      }
      crawl.awaitEnd();
      Expectations.exactlyTheTruthOnce(crawl.web(), crawl.dir());
      assertThat(crawl.warnings("fetcher")).isEmpty();
      assertThat(crawl.warnings("parser-1")).isEmpty();
    }
  }

  /**
   * Waits until the web receives no request for {@code quiet}: the credit is used up, and no
   * request is repeated in a loop.
   */
  private static void awaitStandstill(GeneratedWeb web, Duration quiet) {
    int[] last = {-1};
    await()
        .atMost(Duration.ofSeconds(20))
        .pollDelay(Duration.ZERO)
        .pollInterval(quiet)
        .until(
            () -> {
              int former = last[0];
              last[0] = web.requests().size();
              return last[0] == former;
            });
    assertThat(web.fetchesByPage().size()).isLessThan(web.truth().size());
  }

  @Test
  void aRedisThatStallsForLongerThanACommandMayTakeIsWaitedFor() throws Exception {
    try (WatchedCrawl crawl = WatchedCrawl.start(dir, redis).awaitUnderWay()) {
      redis.commands().clientPause(WatchedCrawl.COMMAND_TIMEOUT.plusSeconds(3).toMillis());
      crawl.awaitWaiting("does not answer");
      crawl.awaitReady();
      for (String process : WatchedCrawl.PROCESSES) {
        assertThat(crawl.metric(process, "sluice_redis_waiting_seconds_total"))
            .as("part of the stall, by how soon a command shows it: %s", process)
            .isGreaterThan(1);
      }
      assertThat(crawl.metric("fetcher", "sluice_pages_append_resends_total"))
          .as("pages sent again on another connection")
          .isPositive();
      endsHavingWaitedOnce(crawl, "does not answer");
    }
  }
}
