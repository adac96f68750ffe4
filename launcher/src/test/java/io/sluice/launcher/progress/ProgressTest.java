package io.sluice.launcher.progress;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProgressTest {

  private final AtomicLong nanos = new AtomicLong();
  private final StringWriter printed = new StringWriter();
  private int columns = 200;

  @Test
  void liveLineIsRewrittenEachSecondWithRates() throws IOException {
    Progress progress = progress(true);
    progress.show(status(100, 1 << 20), 50);
    nanos.addAndGet(Duration.ofSeconds(1).toNanos());
    progress.show(status(350, 3 << 20), 70);
    assertThat(printed.toString())
        .endsWith(
            "\r\u001b[K350 pages  250/s  2.0 MiB/s  frontier 12  in flight 3+4  fds 70  errors 1");
    assertThat(progress.peakDescriptors()).isEqualTo(70);
  }

  @Test
  void theNextLifeOfAFetcherWhichCountsFromZeroGoesOnWithTheRunsNumbers() throws IOException {
    Progress progress = progress(true);
    String said =
        """
        {"fetched": %d, "bytes": %d, "bytesInAll": %d, "errorPages": %d, "errorPagesNow": %d,
         "endings": {"page": %d}, "statuses": {"2xx": %d}, "statusesNow": {"2xx": %d}}
        """;
    // an earlier run fetched 100 pages, 3 of them errors
    progress.show(CrawlStatus.parse(said.formatted(40, 400, 1400, 5, 2, 140, 140, 40)), 50);
    nanos.addAndGet(Duration.ofSeconds(1).toNanos());
    progress.show(CrawlStatus.parse(said.formatted(10, 100, 1600, 6, 1, 160, 160, 10)), 50);
    assertThat(printed.toString()).contains("60 pages  20/s  200 B/s  ");
    CrawlStatus run = progress.last().orElseThrow();
    assertThat(run.fetched()).isEqualTo(60);
    assertThat(run.bytes()).isEqualTo(600);
    assertThat(run.statuses().now()).containsExactly(Map.entry("2xx", 60L));
    assertThat(run.statuses().errorPagesNow()).isEqualTo(3);
  }

  @Test
  void theLineCountsVisitsByKindOnceSomeAreNotOfProvenHosts() throws IOException {
    Progress progress = progress(true);
    String visits =
        """
        {"inFlight": 256, "visits": {"proven": 140, "first": 84, "troubled": 32, "troubledMax": 32}}
        """;
    progress.show(CrawlStatus.parse(visits), 50);
    assertThat(printed.toString())
        .contains("in flight 256+0  visits: 140 proven, 84 first, 32 of 32 troubled  fds 50");
  }

  @Test
  void aCrawlThatStandsStillSaysWhatItWaitsFor() throws IOException {
    Progress progress = progress(true);
    String waiting = "{\"fetched\": %d, \"waitsFor\": \"parsers\"}";
    progress.show(CrawlStatus.parse(waiting.formatted(7)), 50);
    progress.show(CrawlStatus.parse(waiting.formatted(8)), 50);
    assertThat(printed.toString()).doesNotContain("waits for");
    progress.show(CrawlStatus.parse(waiting.formatted(8)), 50);
    assertThat(printed.toString()).endsWith("errors 0  waits for parsers");
  }

  @Test
  void withoutATerminalALineIsPrintedEveryTenSeconds() throws IOException {
    Progress progress = progress(false);
    for (int second = 1; second <= 25; second++) {
      nanos.addAndGet(Duration.ofSeconds(1).toNanos());
      progress.show(status(second, 0), 50);
    }
    assertThat(printed.toString().lines())
        .satisfiesExactly(
            first -> assertThat(first).startsWith("0:00:10  10 pages  1.0/s  "),
            second -> assertThat(second).startsWith("0:00:20  20 pages  1.0/s  "));
  }

  @Test
  void aLineThatStaysTellsTheRateOfItsTenSecondsAndNotOfTheLast() throws IOException {
    Progress progress = progress(false);
    for (int second = 1; second <= 10; second++) {
      nanos.addAndGet(Duration.ofSeconds(1).toNanos());
      progress.show(status(second == 10 ? 500 : 0, 0), 50);
    }
    assertThat(printed.toString()).startsWith("0:00:10  500 pages  50/s  ");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "200 | 350 pages  250/s  2.0 MiB/s  frontier 12  in flight 3+4  fds 70  errors 1",
        "81  | 350 pages  250/s  2.0 MiB/s  frontier 12  in flight 3+4  fds 70  errors 1",
        "60  | 350 pages  250/s  2.0 MiB/s  frontier 12  in flight 3+4",
        "40  | 350 pages  250/s  2.0 MiB/s",
      })
  void theLiveLineFitsTheTerminalAsItIsNow(int width, String line) throws IOException {
    Progress progress = progress(true);
    progress.show(status(100, 1 << 20), 50);
    nanos.addAndGet(Duration.ofSeconds(1).toNanos());
    columns = width;
    progress.show(status(350, 3 << 20), 70);
    assertThat(printed.toString()).endsWith("\r\u001b[K" + line);
  }

  @Test
  void whatACrawlWaitsForIsCutRatherThanLeftOut() throws IOException {
    columns = 90;
    Progress progress = progress(true);
    progress.show(CrawlStatus.parse("{\"holds\": \"12 hosts held (dns 8, robots 4)\"}"), 50);
    assertThat(printed.toString()).endsWith("errors 0  12 hosts held (dns…").hasSizeLessThan(93);
  }

  @Test
  void thePeakIsKnownOfACrawlThatEndedBeforeItHadAStatus() {
    Progress progress = progress(true);
    progress.observe(40);
    progress.observe(30);
    assertThat(progress.peakDescriptors()).isEqualTo(40);
  }

  private Progress progress(boolean live) {
    PrintWriter writer = new PrintWriter(printed);
    return new Progress(new Screen(writer, writer, live, () -> columns), nanos::get);
  }

  private static CrawlStatus status(long fetched, long bytes) throws IOException {
    return CrawlStatus.parse(
        """
        {"process": "fetcher", "fetched": %1$d, "bytes": %2$d, "queued": 12, "inFlight": 3,
         "outstanding": 4, "errors": 1, "list": [1, {"queued": 9}], "endings": {"page": %1$d}}
        """
            .formatted(fetched, bytes));
  }
}
