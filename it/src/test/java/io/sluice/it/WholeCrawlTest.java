package io.sluice.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.it.web.GeneratedWeb;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** A whole crawl through the real processes, checked against the server's own log. */
class WholeCrawlTest {

  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  Path dir;

  @Test
  void aCrawlFetchesExactlyTheTruthOnceAndStoresEachPageOnce() throws Exception {
    try (GeneratedWeb web = GeneratedWeb.start(6, 50)) {
      CrawlYaml yaml = CrawlYaml.in(dir);
      Path config = yaml.of(web);
      try (SluiceProcess crawl =
          SluiceProcess.start(dir.resolve("out.txt"), Map.of(), "run", config.toString())) {
        assertThat(crawl.exitWithin(Duration.ofSeconds(90))).as(crawl.output()).isZero();
      }
      Expectations.exactlyTheTruthOnce(web, yaml.crawlDir());
      Expectations.nothingLeftOpen(yaml.crawlDir());
      assertThat(web.requests()).noneMatch(request -> request.path().startsWith("/private/"));
    }
  }

  @Test
  void theCrawlLogHasALineForEachUrlThatEndedFailuresAndRefusalsToo() throws Exception {
    try (GeneratedWeb web = GeneratedWeb.start(3, 10)) {
      CrawlYaml yaml = CrawlYaml.in(dir);
      Path config = yaml.of(web);
      try (SluiceProcess crawl =
          SluiceProcess.start(dir.resolve("out.txt"), Map.of(), "run", config.toString())) {
        assertThat(crawl.exitWithin(Duration.ofSeconds(90))).as(crawl.output()).isZero();
      }
      List<Line> lines = yaml.crawlDir().crawlLog();
      assertThat(lines).extracting(Line::url).doesNotHaveDuplicates();
      assertThat(lines)
          .extracting(line -> line.text("outcome"))
          .contains("page", "redirected", "robots-denied");
      assertThat(lines)
          .filteredOn(line -> line.text("outcome").equals("robots-denied"))
          .allSatisfy(line -> assertThat(line.url()).contains("/private/"));
      assertThat(lines)
          .filteredOn(line -> Long.valueOf(404).equals(line.fields().get("status")))
          .isNotEmpty();
    }
  }

  @Test
  void aFinishedCrawlRunAgainFetchesNothing() throws Exception {
    try (GeneratedWeb web = GeneratedWeb.start(2, 10)) {
      Path config = CrawlYaml.in(dir).of(web);
      for (int run = 0; run < 2; run++) {
        try (SluiceProcess crawl =
            SluiceProcess.start(dir.resolve("out.txt"), Map.of(), "run", config.toString())) {
          assertThat(crawl.exitWithin(Duration.ofSeconds(90))).as(crawl.output()).isZero();
        }
      }
      assertThat(web.fetchesByPage()).allSatisfy((url, times) -> assertThat(times).isEqualTo(1));
    }
  }

  @Test
  void aCrawlThatFoundNotOnePageExitsFourUnlessItsDirectoryHoldsSomeOfAFormerRun()
      throws Exception {
    try (GeneratedWeb web = GeneratedWeb.start(2, 10)) {
      CrawlYaml yaml = CrawlYaml.in(dir);
      String whole = Files.readString(yaml.of(web));
      Path nothing = dir.resolve("nothing.yaml");
      String robotsForbid = web.seed().replace("/p/0.html", "/private/0.html");
      Files.writeString(nothing, whole.replace(web.seed(), robotsForbid));
      assertThat(exitOf(nothing)).isEqualTo(4);
      assertThat(yaml.crawlDir().report().get("exit")).isEqualTo(4L);
      assertThat(exitOf(nothing)).as("nor does another run find any").isEqualTo(4);
      assertThat(exitOf(dir.resolve("crawl.yaml"))).isZero();
      assertThat(exitOf(nothing)).as("the directory holds pages").isZero();
      Expectations.exactlyTheTruthOnce(web, yaml.crawlDir());
    }
  }

  private int exitOf(Path config) throws Exception {
    try (SluiceProcess crawl =
        SluiceProcess.start(dir.resolve("out.txt"), Map.of(), "run", config.toString())) {
      return crawl.exitWithin(Duration.ofSeconds(90));
    }
  }
}
