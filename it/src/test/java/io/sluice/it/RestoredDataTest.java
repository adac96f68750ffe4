package io.sluice.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.core.testing.TestRedis;
import io.sluice.it.web.GeneratedWeb;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** Data that users restore, remove or move away between two runs of a crawl. */
class RestoredDataTest {

  private static final Duration LONG = Duration.ofMinutes(2);

  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  Path dir;

  private CrawlYaml yaml() {
    return CrawlYaml.in(dir)
        .delay("10ms")
        .with("parser: { processes: 1, threads: 1, batch-pages: 8, batch-time: 20ms }\n");
  }

  @Test
  void aFrontierPutBackUnderANewerRedisIsToldInTheLogTheSummaryAndTheReport() throws Exception {
    try (GeneratedWeb web = GeneratedWeb.start(3, 100)) {
      CrawlYaml yaml = yaml();
      Path config = yaml.of(web);
      runAndStop(config, web, 60);
      Path frontier = yaml.crawlDir().path().resolve("frontier");
      copyAll(frontier, dir.resolve("backup"));
      runAndStop(config, web, 160);
      removeAll(frontier);
      copyAll(dir.resolve("backup"), frontier);

      String summary = runToItsEnd(config);

      String told = "the frontier is older than Redis";
      assertThat(summary).contains("Found       " + told);
      assertThat(yaml.crawlDir().log("fetcher")).contains(told);
      assertThat(findings(yaml)).anyMatch(finding -> finding.contains(told));
      StopOracle oracle = StopOracle.of(web, yaml.crawlDir());
      assertThat(oracle.lost()).isEmpty();
      assertThat(oracle.unstored()).isEmpty();
    }
  }

  @Test
  void whatRestedInARedisThatIsEmptiedAfterACleanStopIsToldAndFetchedAgain() throws Exception {
    try (GeneratedWeb web = GeneratedWeb.start(3, 100);
        TestRedis redis = TestRedis.start()) {
      CrawlYaml yaml = yaml().redis(redis.uri());
      Path config = yaml.of(web);
      long rested = stopWithOutcomesAtRest(config, yaml, web, redis);
      assertThat(findings(yaml)).isEmpty();
      redis.commands().flushall();

      String summary = runToItsEnd(config);

      String told = "%d of %d pages that rested in Redis".formatted(rested, rested);
      assertThat(summary).contains("Found       " + told);
      assertThat(yaml.crawlDir().log("fetcher")).contains(told);
      assertThat(findings(yaml)).singleElement().asString().contains(told);
      StopOracle oracle = StopOracle.of(web, yaml.crawlDir());
      assertThat(oracle.lost()).isEmpty();
      assertThat(oracle.repetitions()).as("what rested there").isEqualTo(rested);
    }
  }

  @Test
  void whatWasFetchedIsInTheOutputAfterAStopAndNothingIsRepeated() throws Exception {
    try (GeneratedWeb web = GeneratedWeb.start(3, 100);
        TestRedis redis = TestRedis.start()) {
      CrawlYaml yaml = yaml().redis(redis.uri());
      Path config = yaml.of(web);
      stopWithOutcomesAtRest(config, yaml, web, redis);
      assertThat(redis.commands().xlen(CrawlYaml.KEYS.pages())).as("pages at rest").isZero();
      assertThat(yaml.crawlDir().pages())
          .filteredOn(page -> page.number("status") == 200)
          .extracting(Line::url)
          .containsExactlyInAnyOrderElementsOf(web.fetchesByPage().keySet());

      runToItsEnd(config);

      assertThat(findings(yaml)).isEmpty();
      Expectations.exactlyTheTruthOnce(web, yaml.crawlDir());
    }
  }

  /**
   * Stops a crawl whose parser lags behind: it parses the remaining pages after the fetcher has
   * ended, so their outcomes stay in Redis.
   *
   * @return the number of outcomes
   */
  private long stopWithOutcomesAtRest(
      Path config, CrawlYaml yaml, GeneratedWeb web, TestRedis redis) throws Exception {
    try (SluiceProcess crawl = start(config)) {
      crawl.awaitRunning(() -> web.requests().size() >= 60 && yaml.crawlDir().isUp("parser-1"));
      long parser = yaml.crawlDir().pid("parser-1");
      Processes.pause(parser);
      crawl.awaitRunning(() -> redis.commands().xlen(CrawlYaml.KEYS.pages()) > 10);
      crawl.terminate();
      crawl.awaitRunning(() -> yaml.crawlDir().log("supervisor").contains("fetcher ended"));
      Processes.goOn(parser);
      assertThat(crawl.exitWithin(LONG)).as(crawl.output()).isZero();
    }
    assertThat(StopAudit.of(yaml.crawlDir()).complaints()).isEmpty();
    return redis.commands().xlen(CrawlYaml.KEYS.outcomes());
  }

  @Test
  void finishedFilesThatAreCarriedAwayBetweenRunsNeverMeetAnotherOfTheirName() throws Exception {
    try (GeneratedWeb web = GeneratedWeb.start(3, 100)) {
      CrawlYaml yaml = yaml();
      Path config = yaml.of(web);
      Path store = Files.createDirectories(dir.resolve("store"));
      Set<String> names = new HashSet<>();
      runAndStop(config, web, 60);
      carryAway(yaml, store, names);
      runAndStop(config, web, 160);
      carryAway(yaml, store, names);
      runToItsEnd(config);
      carryAway(yaml, store, names);

      Path stored = dir.resolve("stored");
      Files.createDirectories(stored.resolve("output"));
      removeWarcs(store);
      Files.move(store, stored.resolve("output/pages"));
      List<String> urls = new ArrayList<>();
      new CrawlDir(stored)
          .pages().stream()
              .filter(page -> page.number("status") == 200)
              .forEach(page -> urls.add(page.url()));
      assertThat(urls).containsExactlyInAnyOrderElementsOf(web.truth());
    }
  }

  private static void removeWarcs(Path store) throws IOException {
    try (Stream<Path> files = Files.list(store)) {
      for (Path file : files.filter(file -> file.toString().endsWith(".warc.gz")).toList()) {
        Files.delete(file);
      }
    }
  }

  /** Moves output away as a user's script might: {@code mv output/pages/* output/warc/* store/}. */
  private static void carryAway(CrawlYaml yaml, Path store, Set<String> names) throws IOException {
    for (String kind : List.of("pages", "warc")) {
      try (Stream<Path> files = Files.list(yaml.crawlDir().path().resolve("output/" + kind))) {
        for (Path file : files.toList()) {
          String name = file.getFileName().toString();
          assertThat(names.add(name)).as("%s came before", name).isTrue();
          Files.move(file, store.resolve(name));
        }
      }
    }
  }

  @Test
  void aDirectoryOfAnOlderVersionIsTakenOverOnceNothingOfItRestsInRedis() throws Exception {
    try (GeneratedWeb web = GeneratedWeb.start(3, 60);
        TestRedis redis = TestRedis.start()) {
      CrawlYaml yaml = yaml().redis(redis.uri());
      Path config = yaml.of(web);
      runAndStop(config, web, 60);
      // make the directory look like that of an older version: another identity, other key names
      redis.commands().flushall();
      Path identity = yaml.crawlDir().path().resolve("frontier/identity");
      asVersion2(identity);
      Files.delete(identity.resolveSibling("handover"));
      redis.commands().xadd("{p0}:pages", Map.of("k", "0-1"));

      try (SluiceProcess refused = start(config)) {
        assertThat(refused.exitWithin(LONG)).as(refused.output()).isEqualTo(1);
        assertThat(refused.output().lines())
            .last()
            .asString()
            .startsWith("sluice: crawl.dir=")
            .contains("older Sluice", "1 of its pages", "{p0}:pages", "run that version");
      }
      assertThat(identity).as("as it was").content().startsWith("sluice-frontier 2\n");

      redis.commands().del("{p0}:pages");
      runToItsEnd(config);
      assertThat(identity).content().startsWith("sluice-frontier 3\n");
      StopOracle oracle = StopOracle.of(web, yaml.crawlDir());
      assertThat(oracle.lost()).isEmpty();
      assertThat(oracle.unstored()).isEmpty();
    }
  }

  /**
   * Rewrites the identity file as version 2: without the crawl's id, and with a matching checksum.
   */
  private static void asVersion2(Path identity) throws IOException {
    String lines =
        Files.readString(identity)
            .replace("sluice-frontier 3", "sluice-frontier 2")
            .replaceFirst("crawl [0-9a-f]{32}\n", "")
            .replaceFirst("crc32c .*\n", "");
    CRC32C crc = new CRC32C();
    crc.update(lines.getBytes(StandardCharsets.US_ASCII));
    Files.writeString(identity, lines + "crc32c %08x\n".formatted(crc.getValue()));
  }

  private void runAndStop(Path config, GeneratedWeb web, int requests) throws Exception {
    try (SluiceProcess crawl = start(config)) {
      crawl.awaitRunning(() -> web.requests().size() >= requests);
      crawl.terminate();
      assertThat(crawl.exitWithin(LONG)).as(crawl.output()).isZero();
    }
    assertThat(web.fetchesByPage()).as("in the middle").hasSizeLessThan(web.truth().size());
  }

  /** Runs a crawl to its end; returns what it printed. */
  private String runToItsEnd(Path config) throws Exception {
    try (SluiceProcess crawl = start(config)) {
      assertThat(crawl.exitWithin(LONG)).as(crawl.output()).isZero();
      return crawl.output();
    }
  }

  private SluiceProcess start(Path config) throws IOException {
    Path output = dir.resolve("out.txt");
    Files.deleteIfExists(output);
    return SluiceProcess.start(output, Map.of(), "run", config.toString());
  }

  /** Returns what the fetcher found at its start, according to the report. */
  private static List<String> findings(CrawlYaml yaml) throws IOException {
    return new Line(yaml.crawlDir().report())
        .in("processes").in("fetcher").values("findings").stream().map(String::valueOf).toList();
  }

  private static void copyAll(Path from, Path to) throws IOException, InterruptedException {
    assertThat(new ProcessBuilder("cp", "-a", from.toString(), to.toString()).start().waitFor())
        .isZero();
  }

  private static void removeAll(Path path) throws IOException, InterruptedException {
    assertThat(new ProcessBuilder("rm", "-r", path.toString()).start().waitFor()).isZero();
  }
}
