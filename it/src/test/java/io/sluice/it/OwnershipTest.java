package io.sluice.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.core.testing.TestRedis;
import io.sluice.it.web.GeneratedWeb;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** A crawl directory has one owner at a time, and the remains of a killed owner are cleaned up. */
class OwnershipTest {

  private static final int HOSTS = 3;
  private static final int PAGES_PER_HOST = 60;
  private static final Duration CRAWL = Duration.ofMinutes(1);

  /** Keeps the crawl from ending by itself: its pages are waiting to be visited again. */
  private static final String ENDLESS = "recrawl: { after: 1h }\n";

  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  Path dir;

  @Test
  void aDirectoryThatARunUsesIsRefusedToOthersByItsPid() throws Exception {
    try (GeneratedWeb web = GeneratedWeb.start(HOSTS, PAGES_PER_HOST)) {
      CrawlYaml yaml = CrawlYaml.in(dir).with(ENDLESS);
      String config = yaml.of(web).toString();
      try (SluiceProcess first = start("first", "run", config)) {
        awaitRequests(web, 10, first);
        refused("run", config, first.handle().pid());
        refused("fetcher", config, first.handle().pid());
        first.terminate();
        assertThat(first.exitWithin(CRAWL)).as(first.output()).isZero();
      }
    }
  }

  @Test
  void aDirectoryThatALoneFetcherOrParserUsesIsRefusedToARunByItsPid() throws Exception {
    try (GeneratedWeb web = GeneratedWeb.start(HOSTS, PAGES_PER_HOST);
        TestRedis redis = TestRedis.start()) {
      CrawlYaml yaml = CrawlYaml.in(dir).redis(redis.uri()).with(ENDLESS);
      String config = yaml.of(web).toString();
      try (SluiceProcess parser = start("parser", "parser", "--name", "parser-1", config)) {
        awaitUp("parser-1", parser);
        refused("run", config, parser.handle().pid());
        try (SluiceProcess fetcher = start("fetcher", "fetcher", config)) {
          awaitUp("fetcher", fetcher);
          refused("run", config, fetcher.handle().pid());
          fetcher.terminate();
          assertThat(fetcher.exitWithin(CRAWL)).as(fetcher.output()).isZero();
        }
        parser.terminate();
        assertThat(parser.exitWithin(CRAWL)).as(parser.output()).isZero();
      }
    }
  }

  private void refused(String verb, String config, long owner) throws Exception {
    List<String> before = listed();
    Path output = dir.resolve("refused.txt");
    Files.deleteIfExists(output);
    Map<String, String> elsewhere = Map.of("SLUICE_REDIS_URI", "redis://127.0.0.1:1");
    try (SluiceProcess second =
        SluiceProcess.start(output, verb.equals("run") ? Map.of() : elsewhere, verb, config)) {
      assertThat(second.exitWithin(CRAWL)).as(second.output()).isEqualTo(1);
      assertThat(second.output().lines())
          .filteredOn(line -> line.startsWith("sluice: "))
          .singleElement()
          .asString()
          .startsWith("sluice: crawl.dir=")
          .contains("in use by process " + owner);
    }
    assertThat(listed()).as("what the owner works with").containsAll(before);
  }

  /** Returns the files of running processes, which a second crawl must not remove. */
  private List<String> listed() throws IOException {
    try (Stream<Path> files = Files.list(dir.resolve("crawl/run"))) {
      return files.map(Path::toString).filter(name -> !name.endsWith(".lock")).sorted().toList();
    }
  }

  @Test
  void whatARunThatWasKilledWithAllItsProcessesLeftIsCleanedByTheNext() throws Exception {
    try (GeneratedWeb web = GeneratedWeb.start(HOSTS, PAGES_PER_HOST)) {
      CrawlYaml yaml = CrawlYaml.in(dir);
      String config = yaml.of(web).toString();
      Path socket;
      try (SluiceProcess crawl = start("killed", "run", config)) {
        awaitRequests(web, 60, crawl);
        socket = yaml.crawlDir().redisSocket();
        List<ProcessHandle> children = crawl.descendants();
        long redis = redisPid();
        children.forEach(ProcessHandle::destroyForcibly); // kills the guardian before it can act
        crawl.handle().destroyForcibly();
        Processes.kill(redis);
        awaitGone(children);
      }
      assertThat(socket).exists();
      Files.writeString(dir.resolve("crawl/logs/fetcher-shutdown.json.tmp"), "{");
      Files.writeString(dir.resolve("crawl/run/probe4711.tmp"), "");

      runToTheEnd(config);

      assertThat(socket.resolveSibling("")).doesNotExist();
      assertThat(cleaned())
          .contains("run/fetcher.json", "run/parser-1.json", "logs/fetcher-shutdown.json.tmp")
          .contains(socket.toString());
      nothingIsLeft();
      Expectations.eachPageStoredOnce(web, yaml.crawlDir());
    }
  }

  @Test
  void processesThatCouldNotNoticeTheDeathOfTheirSupervisorAreEndedByTheNextRun() throws Exception {
    try (GeneratedWeb web = GeneratedWeb.start(HOSTS, PAGES_PER_HOST)) {
      CrawlYaml yaml = CrawlYaml.in(dir);
      String config = yaml.of(web).toString();
      List<ProcessHandle> unaware;
      try (SluiceProcess crawl = start("killed", "run", config)) {
        awaitRequests(web, 60, crawl);
        unaware = List.of(handle(yaml.crawlDir().pid("fetcher")), handle(redisPid()));
        Processes.pause(unaware.getFirst().pid());
        crawl.descendants().stream()
            .filter(child -> child.info().command().orElse("").endsWith("sh"))
            .forEach(ProcessHandle::destroyForcibly); // kills the guardian, so that Redis survives
        Processes.kill(crawl.handle().pid());
        await().atMost(Duration.ofSeconds(5)).until(() -> !crawl.alive());
      }
      assertThat(unaware).noneMatch(process -> !Processes.runs(process));

      runToTheEnd(config);

      awaitGone(unaware);
      assertThat(cleaned())
          .contains("fetcher (pid " + unaware.getFirst().pid() + ")")
          .contains("redis-server (pid " + unaware.getLast().pid() + ")");
      nothingIsLeft();
      Expectations.eachPageStoredOnce(web, yaml.crawlDir());
    }
  }

  /** The files of the copy name the processes and sockets of the original. */
  @Test
  void aCopyOfARunningCrawlRunsBesideItAndTouchesNothingOfIt() throws Exception {
    try (GeneratedWeb web = GeneratedWeb.start(HOSTS, PAGES_PER_HOST)) {
      CrawlYaml original = CrawlYaml.in(dir).delay("50ms");
      CrawlYaml copy = CrawlYaml.in(Files.createDirectory(dir.resolve("copied")));
      try (SluiceProcess crawl = start("original", "run", original.of(web).toString())) {
        awaitRequests(web, 60, crawl);
        List<ProcessHandle> all = new ArrayList<>(crawl.descendants());
        all.add(handle(redisPid()));
        for (ProcessHandle process : all) {
          Processes.pause(process.pid()); // so that the copy is consistent
        }
        Processes.run("cp", "-a", dir.resolve("crawl").toString(), dir + "/copied/");

        try (SluiceProcess second = start("copy", "run", copy.of(web).toString())) {
          assertThat(second.exitWithin(CRAWL)).as(second.output()).isZero();
        }

        assertThat(Processes.alive(all)).as("of the original").hasSameSizeAs(all);
        assertThat(original.crawlDir().redisSocket()).exists();
        for (ProcessHandle process : all) {
          Processes.goOn(process.pid());
        }
        assertThat(crawl.exitWithin(CRAWL)).as(crawl.output()).isZero();
      }
      Expectations.eachPageStoredOnce(web, original.crawlDir());
      Expectations.eachPageStoredOnce(web, copy.crawlDir());
      assertThat(StopAudit.of(original.crawlDir()).complaints()).isEmpty();
    }
  }

  /** Returns the single line that lists what was cleaned up. */
  private String cleaned() throws IOException {
    List<String> lines =
        Files.readAllLines(dir.resolve("crawl/logs/supervisor.log")).stream()
            .filter(line -> line.contains("cleaned up after a run that was killed"))
            .toList();
    assertThat(lines).singleElement().asString().contains("INFO");
    return lines.getFirst();
  }

  private void nothingIsLeft() throws IOException {
    try (Stream<Path> files = Files.walk(dir.resolve("crawl"))) {
      assertThat(files.map(file -> dir.resolve("crawl").relativize(file).toString()))
          .as("leftovers")
          .noneMatch(name -> name.endsWith(".tmp") || name.endsWith(".new"))
          .noneMatch(name -> name.endsWith(".part"))
          .filteredOn(name -> name.startsWith("run/"))
          .containsExactlyInAnyOrder(
              "run/crawl.lock", "run/config.yaml"); // the config is kept for `frontier explain`
    }
    assertThat(dir.resolve("crawl/run/crawl.lock")).isEmptyFile();
  }

  private void runToTheEnd(String config) throws Exception {
    try (SluiceProcess crawl = start("again", "run", config)) {
      assertThat(crawl.exitWithin(CRAWL)).as(crawl.output()).isZero();
    }
  }

  private SluiceProcess start(String name, String... words) throws IOException {
    return SluiceProcess.start(dir.resolve(name + ".txt"), Map.of(), words);
  }

  private void awaitUp(String name, SluiceProcess process) throws IOException {
    Path runFile = dir.resolve("crawl/run/" + name + ".json");
    await().atMost(CRAWL).until(() -> Files.exists(runFile) || !process.alive());
    assertThat(process.alive()).as(process.output()).isTrue();
  }

  private static void awaitRequests(GeneratedWeb web, int requests, SluiceProcess crawl)
      throws IOException {
    await()
        .atMost(CRAWL)
        .pollInterval(Duration.ofMillis(1))
        .until(() -> web.requests().size() >= requests || !crawl.alive());
    assertThat(crawl.alive()).as(crawl.output()).isTrue();
  }

  private static void awaitGone(List<ProcessHandle> processes) {
    await()
        .atMost(CRAWL)
        .until(() -> processes.stream().allMatch(process -> !Processes.runs(process)));
  }

  private long redisPid() throws IOException {
    return Long.parseLong(Files.readString(dir.resolve("crawl/redis/redis.pid")).strip());
  }

  private static ProcessHandle handle(long pid) {
    return ProcessHandle.of(pid).orElseThrow(() -> new AssertionError(pid + " does not run"));
  }
}
