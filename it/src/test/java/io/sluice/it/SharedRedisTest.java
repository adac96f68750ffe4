package io.sluice.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.core.testing.RedisExtension;
import io.sluice.core.testing.TestRedis;
import io.sluice.it.web.GeneratedWeb;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * Several crawls on one Redis. Crawls with different names do not affect each other; of two crawls
 * with the same name, the first is the owner and the second is refused before it has read or
 * written anything.
 */
@ExtendWith(RedisExtension.class)
class SharedRedisTest {

  private static final Duration LONG = Duration.ofMinutes(2);

  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  Path dir;

  private TestRedis redis;

  @BeforeEach
  void own(TestRedis server) {
    redis = server;
  }

  private CrawlYaml yaml(String folder) {
    return CrawlYaml.in(dir.resolve(folder))
        .redis(redis.uri())
        .delay("20ms")
        .with("parser: { processes: 1, threads: 2 }\n");
  }

  @Test
  void aSecondCrawlOfTheSameNameIsRefusedInOneLineAndTheFirstLosesNothing() throws Exception {
    try (GeneratedWeb web = GeneratedWeb.start(3, 60);
        GeneratedWeb other = GeneratedWeb.start(3, 60)) {
      CrawlYaml first = yaml("first");
      CrawlYaml second = yaml("second");
      try (SluiceProcess crawl = run("first", first.of(web))) {
        crawl.awaitRunning(() -> web.requests().size() >= 40);
        web.holdBack();
        try (SluiceProcess refused = run("second", second.of(other))) {
          assertThat(refused.exitWithin(LONG)).as(refused.output()).isEqualTo(1);
          assertThat(refused.output().lines())
              .filteredOn(line -> line.startsWith("sluice: "))
              .singleElement()
              .asString()
              .contains(
                  "crawl it there is that of " + first.crawlDir().path(),
                  "not of " + second.crawlDir().path(),
                  "sluice forget it --redis");
        }
        web.letGo();
        assertThat(crawl.exitWithin(LONG)).as(crawl.output()).isZero();
      }
      Expectations.exactlyTheTruthOnce(web, first.crawlDir());
      assertThat(second.crawlDir().pages()).isEmpty();
      assertThat(other.requests()).isEmpty();
    }
  }

  @Test
  void aParserOfAnotherDirectoryTakesNoPageOfACrawlThatItDoesNotBelongTo() throws Exception {
    try (GeneratedWeb web = GeneratedWeb.start(3, 60);
        GeneratedWeb other = GeneratedWeb.start(1, 5)) {
      CrawlYaml strange = yaml("strange");
      try (SluiceProcess crawl = run("strange", strange.redis("embedded").of(other))) {
        assertThat(crawl.exitWithin(LONG)).as(crawl.output()).isZero();
      }
      Path config = strange.redis(redis.uri()).of(other);
      int before = strange.crawlDir().pages().size();
      CrawlYaml ours = yaml("ours");
      try (SluiceProcess crawl = run("ours", ours.of(web))) {
        crawl.awaitRunning(() -> web.requests().size() >= 20);
        try (SluiceProcess refused = start("parser", "parser", config)) {
          assertThat(refused.exitWithin(LONG)).as(refused.output()).isEqualTo(1);
          assertThat(lastLine(refused))
              .contains("crawl it there is that of " + ours.crawlDir().path(), "sluice forget it");
        }
        assertThat(crawl.exitWithin(LONG)).as(crawl.output()).isZero();
      }
      Expectations.exactlyTheTruthOnce(web, ours.crawlDir());
      assertThat(strange.crawlDir().pages()).hasSize(before);
    }
  }

  @Test
  void crawlsOfDifferentNamesOneAfterTheOtherOnOneRedisLoseAndRepeatNothing() throws Exception {
    try (GeneratedWeb web = GeneratedWeb.start(3, 80);
        GeneratedWeb other = GeneratedWeb.start(3, 20)) {
      CrawlYaml first = yaml("first").name("docs");
      CrawlYaml second = yaml("second").name("news");
      Path config = first.of(web);
      stopInTheMiddle(config, first, web);
      try (SluiceProcess crawl = run("second", second.of(other))) {
        assertThat(crawl.exitWithin(LONG)).as(crawl.output()).isZero();
      }
      try (SluiceProcess crawl = run("first", config)) {
        assertThat(crawl.exitWithin(LONG)).as(crawl.output()).isZero();
      }
      Expectations.exactlyTheTruthOnce(web, first.crawlDir());
      Expectations.exactlyTheTruthOnce(other, second.crawlDir());
    }
  }

  @Test
  void anotherDirectoryOfTheSameNameIsRefusedUntilTheFirstIsForgotten() throws Exception {
    try (GeneratedWeb web = GeneratedWeb.start(3, 80);
        GeneratedWeb other = GeneratedWeb.start(3, 20)) {
      CrawlYaml first = yaml("first");
      CrawlYaml second = yaml("second");
      Path config = first.of(web);
      stopInTheMiddle(config, first, web);
      try (SluiceProcess refused = run("second", second.of(other))) {
        assertThat(refused.exitWithin(LONG)).as(refused.output()).isEqualTo(1);
      }
      try (SluiceProcess crawl = run("first", config)) {
        crawl.awaitRunning(() -> web.requests().size() > 150);
        web.holdBack();
        assertThat(forget()).as("in use").isEqualTo(1);
        web.letGo();
        assertThat(crawl.exitWithin(LONG)).as(crawl.output()).isZero();
      }
      Expectations.exactlyTheTruthOnce(web, first.crawlDir());

      assertThat(forget()).isZero();
      assertThat(redis.commands().keys("*")).isEmpty();
      try (SluiceProcess crawl = run("second", second.of(other))) {
        assertThat(crawl.exitWithin(LONG)).as(crawl.output()).isZero();
      }
      Expectations.exactlyTheTruthOnce(other, second.crawlDir());
    }
  }

  /** The situation in which compose has a new volume for crawls and an old one for Redis. */
  @Test
  void aNewDirectoryOnAnOldRedisIsRefusedAndTheOldCrawlsPagesStayForItsOwnParsers()
      throws Exception {
    try (GeneratedWeb web = GeneratedWeb.start(3, 60);
        GeneratedWeb other = GeneratedWeb.start(3, 20)) {
      CrawlYaml old = yaml("old");
      Path config = old.of(web);
      try (SluiceProcess fetcher = start("fetcher", "fetcher", config)) {
        fetcher.awaitRunning(() -> redis.commands().xlen(CrawlYaml.KEYS.pages()) >= 1);
        fetcher.terminate();
        assertThat(fetcher.exitWithin(LONG)).as(fetcher.output()).isZero();
      }
      long resting = redis.commands().xlen(CrawlYaml.KEYS.pages());
      CrawlYaml fresh = yaml("fresh");
      Path freshConfig = fresh.of(other);
      try (SluiceProcess parser = start("parser", "parser", freshConfig)) {
        parser.awaitRunning(() -> parser.output().contains("is not connected"));
        try (SluiceProcess refused = start("refused", "fetcher", freshConfig)) {
          assertThat(refused.exitWithin(LONG)).as(refused.output()).isEqualTo(1);
          assertThat(lastLine(refused)).contains("that of " + old.crawlDir().path());
        }
        assertThat(parser.exitWithin(LONG)).as(parser.output()).isEqualTo(2);
        assertThat(parser.output()).contains("that of " + old.crawlDir().path(), "sluice forget");
      }
      assertThat(redis.commands().xlen(CrawlYaml.KEYS.pages())).isEqualTo(resting);
      assertThat(fresh.crawlDir().pages()).isEmpty();

      try (SluiceProcess crawl = run("old", config)) {
        assertThat(crawl.exitWithin(LONG)).as(crawl.output()).isZero();
      }
      Expectations.exactlyTheTruthOnce(web, old.crawlDir());
    }
  }

  @Test
  void aFetcherWhosePartitionALaterOneHasTakenEndsWithStatusTwo() throws Exception {
    try (GeneratedWeb web = GeneratedWeb.start(3, 200)) {
      CrawlYaml yaml = yaml("first");
      try (SluiceProcess crawl = run("first", yaml.of(web))) {
        crawl.awaitRunning(() -> web.requests().size() >= 40);
        redis.commands().hincrby(CrawlYaml.KEYS.owner(), "incarnation", 1);
        assertThat(crawl.exitWithin(LONG)).as(crawl.output()).isEqualTo(2);
        assertThat(crawl.output()).contains("a later fetcher of it", "superseded");
      }
      assertThat(new Line(yaml.crawlDir().report()).text("reason")).isEqualTo("superseded");
    }
  }

  private void stopInTheMiddle(Path config, CrawlYaml yaml, GeneratedWeb web) throws Exception {
    try (SluiceProcess crawl = run("stopped", config)) {
      crawl.awaitRunning(() -> web.requests().size() >= 100);
      crawl.terminate();
      assertThat(crawl.exitWithin(LONG)).as(crawl.output()).isZero();
    }
    assertThat(web.fetchesByPage()).as("in the middle").hasSizeLessThan(web.truth().size());
    assertThat(StopAudit.of(yaml.crawlDir()).complaints()).isEmpty();
  }

  /** Runs {@code sluice forget it}; returns its exit status. */
  private int forget() throws Exception {
    try (SluiceProcess forget =
        SluiceProcess.start(
            dir.resolve("forget.txt"), Map.of(), "forget", "it", "--redis", redis.uri())) {
      return forget.exitWithin(LONG);
    }
  }

  private SluiceProcess run(String name, Path config) throws IOException {
    return start(name, "run", config);
  }

  private SluiceProcess start(String name, String verb, Path config) throws IOException {
    Path output = dir.resolve(name + ".txt");
    Files.deleteIfExists(output);
    return SluiceProcess.start(output, Map.of(), verb, config.toString());
  }

  private static String lastLine(SluiceProcess process) throws IOException {
    try (Stream<String> lines = process.output().lines()) {
      return lines.reduce((former, line) -> line).orElse("");
    }
  }
}
