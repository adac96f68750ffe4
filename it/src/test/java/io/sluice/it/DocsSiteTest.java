package io.sluice.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Assumptions;
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
    if (!DocsSite.available()) {
      System.out.println("SKIPPED, no docs-site script here or not root: DocsSiteTest");
    }
    Assumptions.assumeTrue(DocsSite.available(), "no docs-site script here, or not root");
    System.out.println("DocsSiteTest: -Dsluice.seed=" + SEED + " repeats these points");
    try (DocsSite site = DocsSite.start(12)) {
      List<String> truth = site.truth();
      CrawlYaml yaml = CrawlYaml.in(dir);
      String config =
          yaml.write(
                  site.seed(),
                  "test",
                  DocsSite.HTTP_PORT,
                  "127.0.0.1:" + DocsSite.DNS_PORT,
                  "include: ['^[^?#]*(\\.html|/)$']")
              .toString();
      Path output = dir.resolve("out.txt");
      for (long point : tenPointsWithin(truth.size())) {
        long logBytes = yaml.crawlDir().logBytes();
        try (SluiceProcess crawl = SluiceProcess.start(output, Map.of(), "run", config)) {
          await()
              .atMost(Duration.ofMinutes(2))
              .pollInterval(Duration.ofMillis(20))
              .until(
                  () ->
                      (site.requests() >= point && yaml.crawlDir().logBytes() > logBytes)
                          || !crawl.alive());
          crawl.terminate();
          assertThat(crawl.exitWithin(Duration.ofSeconds(30))).as(crawl.output()).isZero();
        }
        Expectations.nothingLeftOpen(yaml.crawlDir());
      }
      try (SluiceProcess crawl = SluiceProcess.start(output, Map.of(), "run", config)) {
        assertThat(crawl.exitWithin(Duration.ofMinutes(4))).as(crawl.output()).isZero();
      }

      Map<String, Long> fetches = site.fetchesByPage();
      assertThat(fetches).as("fetched twice").allSatisfy((url, n) -> assertThat(n).isEqualTo(1));
      Set<String> stored =
          yaml.crawlDir().pages().stream()
              .filter(page -> page.number("status") == 200)
              .filter(page -> page.text("content_type").contains("html"))
              .map(Line::url)
              .collect(Collectors.toCollection(TreeSet::new));
      assertThat(fetches.keySet()).containsAll(truth);
      assertThat(stored).containsExactlyInAnyOrderElementsOf(truth);
      assertThat(yaml.crawlDir().pages()).extracting(Line::url).doesNotHaveDuplicates();
      assertThat(yaml.crawlDir().warcResponses()).doesNotHaveDuplicates().containsAll(truth);
    }
  }

  private static long[] tenPointsWithin(int pages) {
    return new Random(SEED).longs(10, 0, pages).sorted().toArray();
  }
}
