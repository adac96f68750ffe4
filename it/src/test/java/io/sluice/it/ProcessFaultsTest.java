package io.sluice.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.it.web.GeneratedWeb;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * What becomes of a crawl when one of its processes is killed, stopped or paused: it waits, goes on
 * by itself, and ends as if nothing had happened.
 */
class ProcessFaultsTest {

  private static final int HOSTS = 4;
  private static final int PAGES_PER_HOST = 60;
  private static final Duration CRAWL = Duration.ofMinutes(1);

  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  Path dir;

  @Test
  void killedRedisIsStartedAgainAndTheCrawlRepeatsNothing() throws Exception {
    redisIsLostAndTheCrawlGoesOn(Kill::kill);
  }

  @Test
  void redisStoppedByAStrangerIsStartedAgainAndTheCrawlRepeatsNothing() throws Exception {
    redisIsLostAndTheCrawlGoesOn(Kill::terminate);
  }

  private void redisIsLostAndTheCrawlGoesOn(Signal signal) throws Exception {
    try (GeneratedWeb web = GeneratedWeb.start(HOSTS, PAGES_PER_HOST)) {
      CrawlYaml yaml = CrawlYaml.in(dir);
      try (SluiceProcess crawl = start(yaml.of(web))) {
        awaitRequests(web, 60, crawl);
        signal.send(redisPid());
        assertThat(crawl.exitWithin(CRAWL)).as(crawl.output()).isZero();
        assertThat(crawl.output())
            .contains("redis-server ended, the crawl waits: starting it again in 1 s")
            .contains("redis-server runs again, the crawl goes on");
      }
      Expectations.exactlyTheTruthOnce(web, yaml.crawlDir());
    }
  }

  @Test
  void killedSupervisorTakesAllProcessesAlongWithinFiveSecondsEvenAParserThatHangs()
      throws Exception {
    try (GeneratedWeb web = GeneratedWeb.start(HOSTS, PAGES_PER_HOST)) {
      CrawlYaml yaml = CrawlYaml.in(dir);
      Path config = yaml.of(web);
      String hang = "-Dsluice.kill-point=PARSING:20:" + dir;
      try (SluiceProcess crawl =
          SluiceProcess.start(
              dir.resolve("out.txt"),
              Map.of("JAVA_TOOL_OPTIONS", hang),
              "run",
              config.toString())) {
        awaitFile(dir.resolve("PARSING.reached"), crawl);
        List<ProcessHandle> all = new ArrayList<>(crawl.descendants());
        ProcessHandle.of(redisPid()).ifPresent(all::add);
        assertThat(all).as("fetcher, parser, guardian, Redis").hasSizeGreaterThanOrEqualTo(4);
        crawl.handle().destroyForcibly();
        await().atMost(Duration.ofSeconds(5)).until(() -> all.stream().allMatch(Kill::gone));
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
