package io.sluice.launcher.progress;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class SummaryTest {

  @Test
  void summarySaysWhatEndedHowAndWhereItIs() throws IOException {
    CrawlStatus status =
        CrawlStatus.parse(
            """
            {"fetched": 1200, "bytes": 5242880, "hosts": 12,
             "endings": {"page": 1190, "redirected": 10, "failed": 0}}
            """);
    assertThat(lines(status))
        .containsExactly(
            "1,200 pages in 4.0s (300/s), 5.0 MiB received, 12 hosts: finished",
            "URLs ended  page 1,190, redirected 10",
            "Peak        99 descriptors",
            "Output      crawls/docs/output");
  }

  @Test
  void unfinishedCrawlSaysWhatIsLeft() throws IOException {
    assertThat(lines(CrawlStatus.parse("{\"queued\": 5, \"outstanding\": 2}")))
        .contains("Still to do 5 queued, 0 in flight, 2 at the parsers; run again to go on");
  }

  private static java.util.List<String> lines(CrawlStatus status) {
    return new Summary(
            status, Duration.ofSeconds(4), 99, "finished", Path.of("crawls", "docs", "output"))
        .lines();
  }
}
