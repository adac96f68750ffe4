package io.sluice.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.it.web.GeneratedWeb;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * The time of day jumps for every process of a crawl, including its redis-server, while the
 * monotonic clock does not, as when a wrong clock is corrected. {@code libfaketime} simulates the
 * jump. That is slow, since the library reads a file each time the clock is read. If the library is
 * not installed, the test is skipped, with a message.
 */
@Tag("nightly")
class ClockJumpTest {

  private static final Path LIBRARY =
      Path.of("/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1");

  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  Path dir;

  @BeforeAll
  static void needsTheLibrary() {
    if (!Files.exists(LIBRARY)) {
      System.out.println("SKIPPED, no libfaketime here: ClockJumpTest");
    }
    Assumptions.assumeTrue(Files.exists(LIBRARY), "libfaketime is not installed");
  }

  @Test
  void aClockThatJumpsByADayForwardAndBackMakesTheCrawlLoseAndRepeatNothing() throws Exception {
    try (GeneratedWeb web = GeneratedWeb.start(4, 60)) {
      CrawlYaml yaml = CrawlYaml.in(dir).delay("40ms");
      String config = yaml.of(web).toString();
      jump("+0");
      try (SluiceProcess crawl =
          SluiceProcess.start(dir.resolve("out.txt"), faked(), "run", config)) {
        awaitRequests(60, web, crawl);
        jump("+26h");
        awaitRequests(120, web, crawl);
        jump("-26h");
        awaitRequests(180, web, crawl);
        jump("+0");
        assertThat(crawl.exitWithin(Duration.ofMinutes(3))).as(crawl.output()).isZero();
      }
      Expectations.exactlyTheTruthOnce(web, yaml.crawlDir());
      Expectations.nothingLeftOpen(yaml.crawlDir());
      assertThat(daysOfTheCrawlLog(yaml)).as("it believed each of them").hasSizeGreaterThan(2);
    }
  }

  /** Returns the days in the crawl log, which follow the crawl's own clock. */
  private static List<String> daysOfTheCrawlLog(CrawlYaml yaml) throws IOException {
    return yaml.crawlDir().crawlLog().stream()
        .map(line -> line.text("at").substring(0, "2026-01-01".length()))
        .distinct()
        .toList();
  }

  private static void awaitRequests(int requests, GeneratedWeb web, SluiceProcess crawl)
      throws IOException {
    await()
        .atMost(Duration.ofMinutes(3))
        .pollInterval(Duration.ofMillis(2))
        .until(() -> web.requests().size() >= requests || !crawl.alive());
    assertThat(crawl.alive()).as(crawl.output()).isTrue();
  }

  private Map<String, String> faked() {
    return Map.of(
        "LD_PRELOAD", LIBRARY.toString(),
        "FAKETIME_TIMESTAMP_FILE", dir.resolve("clock").toString(),
        "FAKETIME_NO_CACHE", "1",
        "FAKETIME_DONT_FAKE_MONOTONIC", "1",
        "FAKETIME_DISABLE_SHM", "1",
        "NO_FAKE_STAT", "1");
  }

  /** Sets the clock to the given offset from the machine's. */
  private void jump(String offset) throws IOException {
    Path next = Files.writeString(dir.resolve("clock.next"), offset + "\n");
    Files.move(next, dir.resolve("clock"), StandardCopyOption.REPLACE_EXISTING);
  }
}
