package io.sluice.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.it.web.GeneratedWeb;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** kill -9 of each process: nothing lost, each page in the output once, no orphan. */
class CrashTest {

  private static final int HOSTS = 6;
  private static final int PAGES_PER_HOST = 80;

  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  Path dir;

  @Test
  void aKilledSupervisorLeavesNoProcessBehindAndLosesNothing() throws Exception {
    try (GeneratedWeb web = GeneratedWeb.start(HOSTS, PAGES_PER_HOST)) {
      CrawlYaml yaml = CrawlYaml.in(dir);
      String config = yaml.of(web).toString();
      Path output = dir.resolve("out.txt");
      try (SluiceProcess crawl = SluiceProcess.start(output, Map.of(), "run", config)) {
        awaitRequests(web, 100, crawl);
        List<ProcessHandle> children = crawl.descendants();
        assertThat(children).hasSizeGreaterThanOrEqualTo(3);
        crawl.handle().destroyForcibly();
        await()
            .atMost(Duration.ofSeconds(5))
            .until(() -> children.stream().noneMatch(ProcessHandle::isAlive));
      }
      resume(output, config);
      assertThat(web.fetchesByPage().keySet()).containsExactlyInAnyOrderElementsOf(web.truth());
      Expectations.eachPageStoredOnce(web, yaml.crawlDir());
    }
  }

  @Test
  void aKilledParserIsReplacedAndTheCrawlEndsWithEachPageStoredOnce() throws Exception {
    try (GeneratedWeb web = GeneratedWeb.start(HOSTS, PAGES_PER_HOST)) {
      CrawlYaml yaml = CrawlYaml.in(dir);
      String config = yaml.of(web).toString();
      try (SluiceProcess crawl =
          SluiceProcess.start(dir.resolve("out.txt"), Map.of(), "run", config)) {
        awaitRequests(web, 100, crawl);
        child(yaml.crawlDir(), "parser-1").destroyForcibly();
        assertThat(crawl.exitWithin(Duration.ofMinutes(2))).as(crawl.output()).isZero();
      }
      Expectations.exactlyTheTruthOnce(web, yaml.crawlDir());
    }
  }

  @Test
  void aKilledFetcherLosesNothing() throws Exception {
    try (GeneratedWeb web = GeneratedWeb.start(HOSTS, PAGES_PER_HOST)) {
      CrawlYaml yaml = CrawlYaml.in(dir);
      String config = yaml.of(web).toString();
      Path output = dir.resolve("out.txt");
      try (SluiceProcess crawl = SluiceProcess.start(output, Map.of(), "run", config)) {
        awaitRequests(web, 100, crawl);
        child(yaml.crawlDir(), "fetcher").destroyForcibly();
        crawl.exitWithin(Duration.ofMinutes(2));
      }
      resume(output, config);
      assertThat(web.fetchesByPage().keySet()).containsExactlyInAnyOrderElementsOf(web.truth());
      Expectations.eachPageStoredOnce(web, yaml.crawlDir());
    }
  }

  private static void awaitRequests(GeneratedWeb web, int requests, SluiceProcess crawl)
      throws IOException {
    await()
        .atMost(Duration.ofMinutes(1))
        .pollInterval(Duration.ofMillis(1))
        .until(() -> web.requests().size() >= requests || !crawl.alive());
    assertThat(web.requests()).as(crawl.output()).hasSizeGreaterThanOrEqualTo(requests);
  }

  private static void resume(Path output, String config) throws Exception {
    try (SluiceProcess crawl = SluiceProcess.start(output, Map.of(), "run", config)) {
      assertThat(crawl.exitWithin(Duration.ofMinutes(2))).as(crawl.output()).isZero();
    }
  }

  /** A process of the crawl by its name, as its run file tells. */
  private static ProcessHandle child(CrawlDir dir, String name) throws IOException {
    long pid = dir.pid(name);
    return ProcessHandle.of(pid).orElseThrow(() -> new AssertionError(name + " is not running"));
  }
}
