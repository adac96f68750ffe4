package io.sluice.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.it.web.Behaviour;
import io.sluice.it.web.Behaviour.Expected;
import io.sluice.it.web.HostileWeb;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** A web that does everything that a server should not, crawled to its end. */
class HostileWebTest {

  private static final int HOSTS = 10;
  private static final int GROUPS = 8;

  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  Path dir;

  @Test
  void everyUrlOfAHostileWebEndsAsItsServerDeservesAndEachPageIsStoredOnce() throws Exception {
    try (HostileWeb web = HostileWeb.start(HOSTS, GROUPS)) {
      Path config = HostileYaml.write(dir, web, Duration.ofMillis(1500), 8);
      try (SluiceProcess crawl =
          SluiceProcess.start(dir.resolve("out.txt"), Map.of(), "run", config.toString())) {
        assertThat(crawl.exitWithin(Duration.ofMinutes(3))).as(crawl.output()).isZero();
      }
      CrawlDir crawlDir = new CrawlDir(dir.resolve("crawl"));
      eachUrlEndedAsExpected(web.truth(), crawlDir.crawlLog());
      eachPageIsStoredOnce(crawlDir);
      Expectations.nothingLeftOpen(crawlDir);
      assertThat(web.goodAskedAgain()).as("good pages asked for twice").isZero();
      assertThat(web.uncalledFor()).as("requests that robots.txt forbids").isZero();
      assertThat(Behaviour.values())
          .as("each behaviour was met")
          .allSatisfy(behaviour -> assertThat(web.requests(behaviour)).isPositive());
    }
  }

  private static void eachUrlEndedAsExpected(Map<String, Expected> truth, List<Line> log) {
    assertThat(log).extracting(Line::url).doesNotHaveDuplicates();
    Map<String, String> wrong = new TreeMap<>();
    truth.forEach((url, expected) -> wrong.put(url, "did not end"));
    for (Line line : log) {
      Expected expected = truth.get(line.url());
      String outcome = line.text("outcome");
      String reason = line.text("reason");
      if (expected != null && expected.allows(outcome, reason)) {
        wrong.remove(line.url());
      } else {
        wrong.put(line.url(), "%s, %s; expected %s".formatted(outcome, reason, expected));
      }
    }
    assertThat(wrong).as("URLs that ended otherwise than their servers deserve").isEmpty();
  }

  /** What the crawl log calls a page is in JSONL and WARC, once, and nothing else is. */
  private static void eachPageIsStoredOnce(CrawlDir dir) throws IOException {
    List<String> pages =
        dir.crawlLog().stream()
            .filter(line -> line.text("outcome").equals("page"))
            .map(Line::url)
            .toList();
    assertThat(dir.pages()).extracting(Line::url).containsExactlyInAnyOrderElementsOf(pages);
    assertThat(dir.warcResponses()).containsExactlyInAnyOrderElementsOf(pages);
  }
}
