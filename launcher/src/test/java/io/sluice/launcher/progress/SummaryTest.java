package io.sluice.launcher.progress;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SummaryTest {

  @Test
  void summarySaysWhatEndedHowAndWhereItIs() throws IOException {
    CrawlStatus status =
        CrawlStatus.parse(
            """
            {"fetched": 1200, "bytes": 5242880, "hosts": 12, "errorPages": 4, "errorPagesNow": 3,
             "endings": {"page": 1290, "redirected": 10, "failed": 0},
             "statuses": {"2xx": 1286, "3xx": 10, "4xx": 4}, "statusesNow": {"2xx": 1197, "4xx": 3}}
            """);
    assertThat(lines(status))
        .containsExactly(
            "This run    1,197 pages, 3 error pages in 4.0s (300/s), 5.0 MiB received: finished",
            "In all      1,286 pages, 4 error pages, 10 redirected; 12 hosts",
            "Statuses    this run 2xx 1,197, 4xx 3; in all 2xx 1,286, 3xx 10, 4xx 4",
            "Peak        99 descriptors",
            "Output      crawls/docs/output");
  }

  @Test
  void nothingIsSaidOfDescriptorsWhereTheSystemDoesNotTell() {
    Summary unknown =
        new Summary(
            CrawlStatus.NONE,
            OptionalLong.empty(),
            Duration.ofSeconds(4),
            0,
            "finished",
            Path.of("output"));
    assertThat(unknown.lines()).noneMatch(line -> line.startsWith("Peak"));
  }

  @Test
  void aCrawlThatHasAllThePagesThatItMayHaveIsNotToBeRunAgainAsItIs() throws IOException {
    CrawlStatus status = CrawlStatus.parse("{\"queued\": 5}");
    Duration elapsed = Duration.ofSeconds(4);
    Path output = Path.of("output");
    assertThat(new Summary(status, OptionalLong.empty(), elapsed, 0, "max-pages", output).lines())
        .contains("Still to do 5 queued; raise crawl.max-pages to continue");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        // queued, outstanding, records only, left in Redis (-1 for unknown)
        "5 | 2 | 0 | -1 | 5 queued, 2 to parse",
        "5 | 2 | 0 |  1 | 5 queued, 1 to parse, 1 parsed, whose links and counts the next run takes"
            + " up",
        "0 | 2 | 0 |  0 | 2 parsed, whose links and counts the next run takes up",
        "0 | 0 | 3 | -1 | 3 to parse or archive",
        "0 | 0 | 3 |  2 | 2 to parse or archive",
        "7 | 2 | 3 |  4 | 7 queued, 4 to parse or archive",
        "0 | 0 | 3 |  0 | ",
        "0 | 0 | 0 | -1 | ",
      })
  void whatIsLeftIsSaidOfWhatThereIsAndOfNothingElse(
      long queued, long outstanding, long records, long resting, @Nullable String left)
      throws IOException {
    CrawlStatus status =
        CrawlStatus.parse(
            """
            {"endings": {"page": 1}, "queued": %d, "outstanding": %d, "outstandingRecords": %d}
            """
                .formatted(queued, outstanding, records));
    List<String> told =
        lines(status, resting < 0 ? OptionalLong.empty() : OptionalLong.of(resting)).stream()
            .filter(line -> line.startsWith("Still to do"))
            .toList();
    assertThat(told)
        .isEqualTo(
            left == null ? List.of() : List.of("Still to do " + left + "; run again to continue"));
  }

  @Test
  void aRunThatEndsBeforeItsCrawlIsUpClaimsNothingOfTheCrawl() throws IOException {
    for (String early : List.of("{}", "{\"descriptors\": 9, \"state\": \"starting\"}")) {
      assertThat(lines(CrawlStatus.parse(early)))
          .containsExactly(
              "This run    ended before the fetcher reported on the crawl: finished",
              "Peak        99 descriptors",
              "Output      crawls/docs/output");
    }
  }

  private static List<String> lines(CrawlStatus status) {
    return lines(status, OptionalLong.empty());
  }

  private static List<String> lines(CrawlStatus status, OptionalLong resting) {
    return new Summary(
            status,
            resting,
            Duration.ofSeconds(4),
            99,
            "finished",
            Path.of("crawls", "docs", "output"))
        .lines();
  }
}
