package io.sluice.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.core.testing.TestRedis;
import io.sluice.it.web.GeneratedWeb;
import io.sluice.it.web.ScriptedWeb;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * Storage that is removed, or that fails after a stop has begun. Whenever that happens, the crawl
 * detects it, reports it in one line and counts it, lists the URLs that will be fetched again, and
 * does not seal incomplete files.
 */
class StorageLossTest {

  private static final Duration PATIENCE = Duration.ofMinutes(2);

  /** Keeps the crawl from ending by itself: its pages are waiting to be visited again. */
  private static final String ENDLESS = "recrawl: { after: 10h }\n";

  private static final String ONE_PARSER =
      "parser: { processes: 1, threads: 1, batch-time: 20ms }\n";

  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  Path dir;

  private int runs;

  @Test
  void aFrontierDiskThatIsFullWhenTheStopHasBegunMakesItForcedAndListsWhatRepeats()
      throws Exception {
    CountDownLatch answers = new CountDownLatch(1);
    CrawlYaml yaml = CrawlYaml.in(dir).with("frontier: { shards: 1 }\n" + ONE_PARSER);
    try (ScriptedWeb web = ScriptedWeb.start(talk -> redirectAllAtOnce(talk, answers));
        SmallDisk disk = SmallDisk.mount(yaml.crawlDir().path().resolve("frontier"), "1m")) {
      String config = config(yaml, web);
      try (SluiceProcess crawl = sluice(config)) {
        crawl.awaitRunning(() -> web.asked().size() == 1 + REDIRECTS);
        crawl.terminate();
        crawl.awaitRunning(() -> yaml.crawlDir().log("fetcher").contains("fetcher is stopping: "));
        disk.fill();
        answers.countDown();
        assertThat(crawl.exitWithin(PATIENCE)).as(crawl.output()).isEqualTo(2);
        told(crawl, "the frontier's storage failed: .*No space left on device");
      }
      StopAudit audit = StopAudit.of(yaml.crawlDir());
      assertThat(report(yaml).text("reason")).isEqualTo("sigterm");
      assertThat(fetcher(yaml).values("failures")).isNotEmpty();
      assertThat(audit.forced()).as("what was answered and is not journaled").isNotEmpty();
      disk.empty();
      runToTheEnd(config);
      Map<String, Long> twice = new HashMap<>(web.asked());
      twice.values().removeIf(times -> times == 1);
      assertThat(twice).isNotEmpty();
      assertThat(audit.forced()).as("what repeats").containsAll(twice.keySet());
    }
  }

  private static final int REDIRECTS = 40;

  /** A text long enough that the redirects' journal records do not fit into the rest of a block. */
  private static final String LONG = "x".repeat(900);

  /** Serves a first page whose links all redirect, once the test releases them. */
  private static void redirectAllAtOnce(ScriptedWeb.Talk talk, CountDownLatch answers)
      throws IOException, InterruptedException {
    if (talk.path().equals("/")) {
      talk.links(
          IntStream.range(0, REDIRECTS).mapToObj(i -> talk.peer("h" + i, "/r/" + LONG)).toList());
    } else if (talk.path().startsWith("/r/")) {
      if (!answers.await(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new IOException("the test has failed");
      }
      talk.redirect("/t/" + LONG);
    } else {
      talk.links(List.of());
    }
  }

  @Test
  void aDiskThatIsFullAtTheLastCheckpointMakesTheStopForcedAndTheReportGoesElsewhere()
      throws Exception {
    CrawlYaml yaml = CrawlYaml.in(dir).with(ENDLESS + ONE_PARSER);
    Path crawlDir = yaml.crawlDir().path();
    try (GeneratedWeb web = GeneratedWeb.start(2, 10);
        TestRedis redis = TestRedis.start();
        SmallDisk disk = SmallDisk.mount(crawlDir, "4m")) {
      String config = yaml.redis(redis.uri()).of(web).toString();
      Path elsewhere;
      try (SluiceProcess crawl = sluice(config)) {
        awaitIdle(crawl, yaml, web);
        // processes delete files when they end, which would make room for a report
        try (Closeable _ = disk.keepFull()) {
          crawl.terminate();
          assertThat(crawl.exitWithin(PATIENCE)).as(crawl.output()).isEqualTo(2);
          told(crawl, "the frontier's storage failed: .*No space left on device");
          elsewhere =
              Path.of(
                  told(
                      crawl, "no room for .*shutdown-report.json: the report was written to (.*)"));
        }
      }
      Line report = Line.read(elsewhere);
      Files.delete(elsewhere);
      assertThat(report.number("exit")).isEqualTo(2);
      assertThat(report.text("reason")).isEqualTo("sigterm");
      Line fetcher = report.in("processes").in("fetcher");
      assertThat(fetcher.number("exit")).isEqualTo(2);
      assertThat(fetcher.values("failures")).isNotEmpty();
      assertThat(fetcher.in("leases").list("forced-leases")).as("nothing repeats").isEmpty();
      assertThat(report.in("processes").in("supervisor").number("exit")).isEqualTo(2);
      disk.empty();
      try (SluiceProcess crawl = sluice(config)) {
        awaitIdle(crawl, yaml, web);
        crawl.terminate();
        assertThat(crawl.exitWithin(PATIENCE)).as(crawl.output()).isZero();
      }
      Expectations.exactlyTheTruthOnce(web, yaml.crawlDir());
    }
  }

  @Test
  void anOutputDiskThatIsFullWhileParsersDrainMakesTheStopForcedAndNothingIsLost()
      throws Exception {
    CrawlYaml yaml = CrawlYaml.in(dir).delay("10ms").with(ONE_PARSER);
    try (GeneratedWeb web = GeneratedWeb.start(6, 60);
        SmallDisk disk = SmallDisk.mount(yaml.crawlDir().path().resolve("output"), "8m")) {
      String config = yaml.of(web).toString();
      try (SluiceProcess crawl = sluice(config)) {
        crawl.awaitRunning(() -> yaml.crawlDir().isUp("parser-1") && web.requests().size() > 20);
        long parser = yaml.crawlDir().pid("parser-1");
        Processes.pause(parser);
        int before = web.fetchesByPage().size();
        crawl.awaitRunning(() -> web.fetchesByPage().size() > before);
        crawl.terminate();
        crawl.awaitRunning(() -> yaml.crawlDir().log("supervisor").contains("fetcher ended"));
        disk.fill();
        Processes.goOn(parser);
        assertThat(crawl.exitWithin(PATIENCE)).as(crawl.output()).isEqualTo(2);
        told(crawl, "the output cannot be written: .*No space left on device");
      }
      Line parser = report(yaml).in("processes").in("parser-1");
      assertThat(parser.values("failures")).isNotEmpty();
      assertThat(parser.number("exit")).isEqualTo(2);
      disk.empty();
      runToTheEnd(config);
      Expectations.exactlyTheTruthOnce(web, yaml.crawlDir());
    }
  }

  @Test
  void anOutputAFrontierOrAPartThatIsTakenAwayStopsTheCrawlAtOnceWithOneLine() throws Exception {
    takenAway(
        "frontier",
        crawlDir -> delete(crawlDir.resolve("frontier")),
        "the frontier's storage failed: .*/frontier/.* is gone: .*; fix that and run again");
    takenAway(
        "output",
        crawlDir -> delete(crawlDir.resolve("output")),
        "(the output cannot be written|the frontier's storage failed): .*/output/.* is gone: .*");
    takenAway(
        "part",
        crawlDir -> {
          Path part = parts(crawlDir).getFirst();
          try (FileChannel file = FileChannel.open(part, StandardOpenOption.WRITE)) {
            file.truncate(file.size() / 2);
          }
        },
        "the output cannot be written: .*\\.part is \\d+ bytes long, but \\d+ bytes were written:"
            + " .*");
  }

  /** An action on a crawl directory. */
  private interface Deed {
    void on(Path crawlDir) throws Exception;
  }

  private void takenAway(String name, Deed deed, String line) throws Exception {
    Path place = Files.createDirectories(dir.resolve(name));
    CrawlYaml yaml = CrawlYaml.in(place).with(ENDLESS + ONE_PARSER);
    Path crawlDir = yaml.crawlDir().path();
    try (GeneratedWeb web = GeneratedWeb.start(2, 10)) {
      String config = yaml.of(web).toString();
      try (SluiceProcess crawl = sluice(config)) {
        awaitIdle(crawl, yaml, web);
        deed.on(crawlDir);
        assertThat(crawl.exitWithin(PATIENCE)).as(crawl.output()).isEqualTo(2);
        // one line from each affected process; the crawl log counts as output, too
        assertThat(lines(crawl, line)).as(crawl.output()).hasSizeBetween(1, 2);
        assertThat(crawl.output()).doesNotContain("\tat ").doesNotContain("starting it again");
      }
      assertThat(report(yaml).text("reason")).isEqualTo("storage-failed");
      assertThat(report(yaml).number("exit")).isEqualTo(2);
      // reading these fails unless each sealed file is complete
      yaml.crawlDir().pages();
      yaml.crawlDir().warcResponses();
    }
  }

  @Test
  void outputOnTwoFileSystemsIsRefusedAtTheStart() throws Exception {
    CrawlYaml yaml = CrawlYaml.in(dir).with(ONE_PARSER);
    Path sealed = yaml.crawlDir().path().resolve("output/pages");
    try (GeneratedWeb web = GeneratedWeb.start(1, 1);
        SmallDisk disk = SmallDisk.mount(sealed, "1m")) {
      assertThat(disk).isNotNull();
      try (SluiceProcess crawl = sluice(yaml.of(web).toString())) {
        assertThat(crawl.exitWithin(PATIENCE)).as(crawl.output()).isEqualTo(1);
        told(crawl, ".*" + sealed + ": a file cannot be renamed from .* into it in one step; .*");
        assertThat(crawl.output()).doesNotContain("\tat ");
      }
    }
  }

  private static Line report(CrawlYaml yaml) throws IOException {
    return new Line(yaml.crawlDir().report());
  }

  private static Line fetcher(CrawlYaml yaml) throws IOException {
    return report(yaml).in("processes").in("fetcher");
  }

  /**
   * Checks that exactly one line of the output matches; returns the match's first group, if it has
   * one.
   */
  private static String told(SluiceProcess crawl, String expression) throws IOException {
    List<String> lines = lines(crawl, expression);
    assertThat(lines).as("%s in\n%s", expression, crawl.output()).hasSize(1);
    Matcher matcher = Pattern.compile(expression).matcher(lines.getFirst());
    assertThat(matcher.find()).isTrue();
    return matcher.groupCount() == 0 ? "" : matcher.group(1);
  }

  private static List<String> lines(SluiceProcess crawl, String expression) throws IOException {
    Pattern pattern = Pattern.compile(expression);
    return crawl.output().lines().filter(line -> pattern.matcher(line).find()).toList();
  }

  private static List<Path> parts(Path crawlDir) throws IOException {
    try (Stream<Path> files = Files.walk(crawlDir.resolve("output/slots"))) {
      return files.filter(file -> file.toString().endsWith(".part")).sorted().toList();
    }
  }

  private static void delete(Path directory) throws IOException {
    List<Path> all;
    try (Stream<Path> files = Files.walk(directory, FileVisitOption.FOLLOW_LINKS)) {
      all = new ArrayList<>(files.toList());
    }
    all.sort(Comparator.reverseOrder());
    for (Path file : all) {
      Files.deleteIfExists(file);
    }
  }

  private static String config(CrawlYaml yaml, ScriptedWeb web) throws IOException {
    return yaml.write(web.url("h0", "/"), "test", web.port(), web.nameServer(), "").toString();
  }

  private void runToTheEnd(String config) throws Exception {
    try (SluiceProcess crawl = sluice(config)) {
      assertThat(crawl.exitWithin(PATIENCE)).as(crawl.output()).isZero();
    }
  }

  private SluiceProcess sluice(String config) throws IOException {
    return SluiceProcess.start(dir.resolve("out-" + ++runs + ".txt"), Map.of(), "run", config);
  }

  /** Waits until all pages are fetched and parsed and the crawl is idle. */
  private static void awaitIdle(SluiceProcess crawl, CrawlYaml yaml, GeneratedWeb web)
      throws IOException {
    crawl.awaitRunning(
        () -> {
          Status status = Status.of(yaml.crawlDir(), "fetcher");
          return status.number("revisits") >= web.truth().size()
              && status.number("queued") == 0
              && status.number("inFlight") + status.number("outstanding") == 0;
        });
  }
}
