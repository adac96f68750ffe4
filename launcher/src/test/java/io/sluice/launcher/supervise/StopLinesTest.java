package io.sluice.launcher.supervise;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.launcher.progress.CrawlStatus;
import io.sluice.launcher.progress.Screen;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StopLinesTest {

  private static final Duration DEADLINE = Duration.ofSeconds(20);

  private final StringWriter err = new StringWriter();
  private final Screen screen =
      new Screen(new PrintWriter(new StringWriter()), new PrintWriter(err));

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "12 | 40 | 0 | stopping: 12 requests and 40 pages to finish, at most 20s",
        "1  | 0  | 0 | stopping: 1 request to finish, at most 20s",
        "0  | 1  | 0 | stopping: 1 page to finish, at most 20s",
        "1  | 11 | 1 | stopping: 1 request and 11 pages to finish, 1 exchange to archive, at most"
            + " 20s",
        "0  | 0  | 2 | stopping: 2 exchanges to archive, at most 20s",
        "0  | 0  | 0 | stopping: nothing is under way",
      })
  void aStopSaysAtOnceWhatThereIsToFinish(int inFlight, int outstanding, int records, String line)
      throws IOException {
    new StopLines(screen, true).begins(status(inFlight, outstanding, records), DEADLINE);
    assertThat(err.toString()).isEqualTo("sluice: " + line + System.lineSeparator());
  }

  @Test
  void aStopWhileTheCrawlStartsDoesNotClaimThatNothingIsUnderWay() {
    new StopLines(screen, true).begins(CrawlStatus.NONE, DEADLINE);
    assertThat(err.toString())
        .isEqualTo("sluice: stopping: the crawl is still starting; at most 20s\n");
  }

  @Test
  void itTellsEachPhaseAsItPasses() {
    new StopLines(screen, true).ended("fetcher", Duration.ofMillis(1_240));
    assertThat(err.toString()).isEqualTo("sluice: fetcher stopped after 1.2s\n");
  }

  @Test
  void aCrawlThatEndsByItselfDoesNotTalkOfAStop() throws IOException {
    StopLines lines = new StopLines(screen, false);
    lines.begins(status(1, 1, 0), DEADLINE);
    lines.ended("fetcher", Duration.ofSeconds(1));
    assertThat(err.toString()).isEmpty();
  }

  private static CrawlStatus status(int inFlight, int outstanding, int records) throws IOException {
    return CrawlStatus.parse(
        "{\"endings\": {\"page\": 1}, \"inFlight\": %d, \"outstanding\": %d, \"outstandingRecords\": %d}"
            .formatted(inFlight, outstanding, records));
  }
}
