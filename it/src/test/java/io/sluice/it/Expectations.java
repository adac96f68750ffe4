package io.sluice.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.it.web.GeneratedWeb;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Assertions that must hold after a crawl, however often it was stopped. */
final class Expectations {

  private Expectations() {}

  /**
   * The server answered each expected page once, and no other page; JSONL and WARC contain each
   * once.
   */
  static void exactlyTheTruthOnce(GeneratedWeb web, CrawlDir dir) throws IOException {
    Map<String, Long> fetches = web.fetchesByPage();
    assertThat(fetches.keySet())
        .as("pages fetched")
        .containsExactlyInAnyOrderElementsOf(web.truth());
    assertThat(fetches).as("fetched twice").allSatisfy((url, n) -> assertThat(n).isEqualTo(1));
    eachPageStoredOnce(web, dir);
  }

  /** JSONL and WARC contain each expected page exactly once. */
  static void eachPageStoredOnce(GeneratedWeb web, CrawlDir dir) throws IOException {
    List<Line> pages = dir.pages();
    assertThat(pages).extracting(Line::url).doesNotHaveDuplicates();
    assertThat(pages)
        .filteredOn(page -> page.number("status") == 200)
        .extracting(Line::url)
        .containsExactlyInAnyOrderElementsOf(web.truth());
    assertThat(dir.warcResponses()).doesNotHaveDuplicates().containsAll(web.truth());
  }

  /** According to the combined report of the last stop, nothing was left open in any process. */
  static void nothingLeftOpen(CrawlDir dir) throws IOException {
    Map<String, @Nullable Object> report = dir.report();
    assertThat(report.get("exit")).as("exit in %s", report).isEqualTo(0L);
    assertThat(StopAudit.of(dir).complaints()).as("what the report admits").isEmpty();
  }
}
