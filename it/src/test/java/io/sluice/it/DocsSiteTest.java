package io.sluice.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.it.web.LoggedWeb;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * 12,000 pages of real documentation, stopped at ten random points of one crawl; the stop matrix
 * does the same to small crawls in each build.
 */
class DocsSiteTest {

  private static final long SEED = Long.getLong("sluice.seed", System.nanoTime());

  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  Path dir;

  @Test
  @Tag("nightly")
  void aCrawlOfRealPagesStoppedAtTenRandomPointsIsExactlyTheTruth() throws Exception {
    DocsSite.assumeAvailable("DocsSiteTest");
    System.out.println("DocsSiteTest: -Dsluice.seed=" + SEED + " repeats these points");
    try (DocsSite site = DocsSite.start(12)) {
      LoggedWeb web = site.visit();
      CrawlYaml yaml = CrawlYaml.in(dir);
      String config = yaml.of(web).toString();
      Path output = dir.resolve("out.txt");
      for (long point : tenPointsWithin(web.truth().size())) {
        long logBytes = yaml.crawlDir().logBytes();
        try (SluiceProcess crawl = SluiceProcess.start(output, Map.of(), "run", config)) {
          await()
              .atMost(Duration.ofMinutes(2))
              .pollInterval(Duration.ofMillis(20))
              .until(
                  () ->
                      (web.asked().size() >= point && yaml.crawlDir().logBytes() > logBytes)
                          || !crawl.alive());
          crawl.terminate();
          assertThat(crawl.exitWithin(Duration.ofSeconds(30))).as(crawl.output()).isZero();
        }
        Expectations.nothingLeftOpen(yaml.crawlDir());
      }
      try (SluiceProcess crawl = SluiceProcess.start(output, Map.of(), "run", config)) {
        assertThat(crawl.exitWithin(Duration.ofMinutes(4))).as(crawl.output()).isZero();
      }

      StopOracle oracle = StopOracle.of(web, yaml.crawlDir());
      assertThat(oracle.lost()).as("lost").isEmpty();
      assertThat(oracle.repeated()).as("asked twice").isEmpty();
      assertThat(oracle.unstored()).as("not in the output").isEmpty();
      assertThat(oracle.doubled()).as("twice in the output").isEmpty();
      assertThat(oracle.strangers()).as("in the output and not in the web").isEmpty();
    }
  }

  private static long[] tenPointsWithin(int pages) {
    return new Random(SEED).longs(10, 0, pages).sorted().toArray();
  }
}
