package io.sluice.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.it.web.GeneratedWeb;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * SIGTERM at random points of a crawl: exit 0, nothing left open; run again, the union is the truth
 * and nothing was fetched twice.
 */
class StopTest {

  private static final long SEED = Long.getLong("sluice.seed", System.nanoTime());
  private static final int HOSTS = 6;
  private static final int PAGES_PER_HOST = 60;

  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  Path dir;

  /** Ten points, each a number of requests after which the stop comes. */
  static Stream<Integer> tenRandomPoints() {
    System.out.println("StopTest: -Dsluice.seed=" + SEED + " repeats these points");
    return new Random(SEED).ints(10, 0, HOSTS * PAGES_PER_HOST).boxed();
  }

  @ParameterizedTest(name = "after {0} requests")
  @MethodSource("tenRandomPoints")
  void aCrawlStoppedAtAnyPointAndRunAgainLosesNothingAndRepeatsNothing(int requests)
      throws Exception {
    try (GeneratedWeb web = GeneratedWeb.start(HOSTS, PAGES_PER_HOST)) {
      CrawlYaml yaml = CrawlYaml.in(dir);
      String config = yaml.of(web).toString();
      Path output = dir.resolve("out.txt");
      try (SluiceProcess crawl = SluiceProcess.start(output, Map.of(), "run", config)) {
        await()
            .atMost(Duration.ofMinutes(1))
            .pollInterval(Duration.ofMillis(1))
            .until(
                () ->
                    (web.requests().size() >= requests && yaml.crawlDir().logBytes() > 0)
                        || !crawl.alive());
        List<ProcessHandle> children = crawl.descendants();
        crawl.terminate();
        assertThat(crawl.exitWithin(Duration.ofSeconds(30))).as(crawl.output()).isZero();
        assertThat(children).as("orphans").noneMatch(ProcessHandle::isAlive);
      }
      Expectations.nothingLeftOpen(yaml.crawlDir());
      try (SluiceProcess crawl = SluiceProcess.start(output, Map.of(), "run", config)) {
        assertThat(crawl.exitWithin(Duration.ofSeconds(90))).as(crawl.output()).isZero();
      }
      Expectations.exactlyTheTruthOnce(web, yaml.crawlDir());
    }
  }

  @Test
  void aStopWhileStartingExitsZeroAndLeavesADirectoryThatCanBeRun() throws Exception {
    try (GeneratedWeb web = GeneratedWeb.start(2, 10)) {
      CrawlYaml yaml = CrawlYaml.in(dir);
      String config = yaml.of(web).toString();
      Path output = dir.resolve("out.txt");
      try (SluiceProcess crawl = SluiceProcess.start(output, Map.of(), "run", config)) {
        await()
            .atMost(Duration.ofSeconds(30))
            .pollInterval(Duration.ofMillis(1))
            .until(() -> yaml.crawlDir().logBytes() > 0);
        crawl.terminate();
        assertThat(crawl.exitWithin(Duration.ofSeconds(30))).as(crawl.output()).isZero();
      }
      try (SluiceProcess crawl = SluiceProcess.start(output, Map.of(), "run", config)) {
        assertThat(crawl.exitWithin(Duration.ofSeconds(90))).as(crawl.output()).isZero();
      }
      Expectations.exactlyTheTruthOnce(web, yaml.crawlDir());
    }
  }
}
