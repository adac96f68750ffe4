package io.sluice.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.it.web.Behaviour;
import io.sluice.it.web.Behaviour.Expected;
import io.sluice.it.web.HostileWeb;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** Crawls to its end a web that does everything that a server should not do. */
class HostileWebTest {

  private static final int HOSTS = 10;
  private static final int GROUPS = 4;
  private static final Duration DELAY = Duration.ofMillis(50);

  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  Path dir;

  @Test
  void everyUrlOfAHostileWebEndsAsItsServerDeservesAndEachPageIsStoredOnce() throws Exception {
    try (HostileWeb web = HostileWeb.start(HOSTS, GROUPS)) {
      Path config = HostileYaml.write(dir, web, DELAY, Duration.ofMillis(1500), 8);
      try (SluiceProcess crawl =
          SluiceProcess.start(dir.resolve("out.txt"), Map.of(), "run", config.toString())) {
        assertThat(crawl.exitWithin(Duration.ofMinutes(6))).as(crawl.output()).isZero();
      }
      CrawlDir crawlDir = new CrawlDir(dir.resolve("crawl"));
      eachUrlEndedAsExpected(
          web.truth(), crawlDir.crawlLog(), resting("given-up"), resting("set-aside"));
      eachPageIsStoredOnce(crawlDir);
      Expectations.nothingLeftOpen(crawlDir);
      assertThat(web.goodAskedAgain()).as("good pages asked for twice").isZero();
      assertThat(web.shortestRepeat())
          .as("a URL is asked for again after its host's delay, whatever came of it before")
          .isGreaterThanOrEqualTo(DELAY);
      assertThat(web.uncalledFor()).as("requests that robots.txt forbids").isZero();
      assertThat(Behaviour.values())
          .as("each behaviour was met")
          .allSatisfy(behaviour -> assertThat(web.requests(behaviour)).isPositive());
    }
  }

  /**
   * Exports the URLs of a kind that are left in the frontier: those of hosts that were given up, or
   * refused ones.
   */
  private List<String> resting(String what) throws Exception {
    Path out = dir.resolve(what + ".txt");
    String crawl = dir.resolve("crawl").toString();
    try (SluiceProcess export =
        SluiceProcess.start(out, Map.of(), "frontier", "export", "--what", what, crawl)) {
      assertThat(export.exitWithin(Duration.ofMinutes(1))).as(export.output()).isZero();
    }
    return Files.readAllLines(out).stream().map(line -> line.split("\t", 2)[0]).toList();
  }

  private static void eachUrlEndedAsExpected(
      Map<String, Expected> truth, List<Line> log, List<String> givenUp, List<String> setAside) {
    assertThat(log).extracting(Line::url).doesNotHaveDuplicates();
    Map<String, String> wrong = new TreeMap<>();
    truth.forEach((url, expected) -> wrong.put(url, "did not end"));
    List<String> refused = new ArrayList<>(setAside);
    log.stream()
        .filter(line -> line.fields().containsKey("target_refused"))
        .forEach(line -> refused.add(line.text("target")));
    for (String url : refused) {
      Expected expected = truth.get(url);
      if (expected != null && expected.isRefused()) {
        wrong.remove(url);
      } else {
        wrong.put(url, "refused; expected %s".formatted(expected));
      }
    }
    for (String url : givenUp) {
      Expected expected = truth.get(url);
      if (expected != null && expected.mayBeTheHosts()) {
        wrong.remove(url);
      } else {
        wrong.put(url, "given up; expected %s".formatted(expected));
      }
    }
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

  /** Checks that JSONL and WARC contain every page in the crawl log once, and nothing else. */
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
