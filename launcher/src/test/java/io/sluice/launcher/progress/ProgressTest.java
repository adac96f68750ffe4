package io.sluice.launcher.progress;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ProgressTest {

  private final AtomicLong nanos = new AtomicLong();
  private final StringWriter printed = new StringWriter();

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
  void withoutATerminalALineIsPrintedEveryTenSeconds() throws IOException {
    Progress progress = progress(false);
    for (int second = 1; second <= 25; second++) {
      nanos.addAndGet(Duration.ofSeconds(1).toNanos());
      progress.show(status(second, 0), 50);
    }
    assertThat(printed.toString().lines()).hasSize(2).first().asString().startsWith("10 pages");
  }

  private Progress progress(boolean live) {
    PrintWriter writer = new PrintWriter(printed);
    return new Progress(new Screen(writer, writer, live), nanos::get);
  }

  private static CrawlStatus status(long fetched, long bytes) throws IOException {
    return CrawlStatus.parse(
        """
        {"process": "fetcher", "fetched": %d, "bytes": %d, "queued": 12, "inFlight": 3,
         "outstanding": 4, "errors": 1, "list": [1, {"queued": 9}], "endings": {"page": 7}}
        """
            .formatted(fetched, bytes));
  }
}
