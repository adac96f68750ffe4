package io.sluice.frontier.inspect;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.core.testing.TestLedger;
import io.sluice.frontier.FrontierView;
import io.sluice.frontier.TestConfig;
import io.sluice.frontier.repair.Verify;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each kind of damage is detected. */
class VerifyTest {

  @TempDir Path dir;
  private final TestConfig config = new TestConfig();
  private final TestLedger ledger = new TestLedger();

  @BeforeEach
  void aStoppedCrawlWithUrlsInSegmentsAndInMemory() throws Exception {
    CrawlInTest.leaveUrlsInSegmentsAndInMemory(config, dir, ledger);
  }

  @AfterEach
  void nothingIsLeftOpen() {
    assertThat(ledger.entries()).isEmpty();
  }

  @Test
  void aWholeFrontierHasNoProblem() throws Exception {
    assertThat(problems()).isEmpty();
    Verify.Result result = Verify.frontier(FrontierView.of(dir, ledger), _ -> {});
    assertThat(result.urls()).isEqualTo(2000);
    assertThat(result.files()).isGreaterThan(3);
  }

  @Test
  void aFrontierThatWorksHasNoProblem() throws Exception {
    try (CrawlInTest crawl = new CrawlInTest(config, dir, ledger)) {
      crawl.start();
      for (int page = 0; page < 20; page++) {
        crawl.done(crawl.lease(), "http://later.test/" + page);
        assertThat(problems()).isEmpty();
      }
    }
  }

  @Test
  void aBrokenByteInACheckpointIsToldWithItsPlace() throws Exception {
    breakByte(file("checkpoint-"), 0.5);
    assertThat(problems()).singleElement().asString().contains("checkpoint-", "damaged at byte");
  }

  @Test
  void aBrokenByteInASegmentIsToldWithItsPlaceAndItsHost() throws Exception {
    breakByte(file("queue-"), 0.5);
    assertThat(problems())
        .anySatisfy(line -> assertThat(line).contains("queue-", "damaged at byte"))
        .anySatisfy(line -> assertThat(line).contains("queue-", "URLs of host h"));
  }

  @Test
  void aSegmentThatWasTakenAwayIsNamed() throws Exception {
    Path segment = file("queue-");
    Files.delete(segment);
    assertThat(problems()).singleElement().asString().contains(segment + ": is missing");
  }

  @Test
  void aJournalThatWasTakenAwayIsNamed() throws Exception {
    Files.delete(file("journal-"));
    assertThat(problems()).singleElement().asString().contains("journal-", "is missing");
  }

  @Test
  void aCrawlLogThatBecameShorterOrIsBrokenIsNamed() throws Exception {
    Path log = dir.resolve("output/crawl/shard-00.jsonl.gz");
    byte[] whole = Files.readAllBytes(log);
    breakByte(log, 0.5);
    assertThat(problems()).singleElement().asString().contains(log.toString());
    Files.write(log, java.util.Arrays.copyOf(whole, whole.length / 2));
    assertThat(problems()).singleElement().asString().contains("is shorter than");
  }

  private List<String> problems() throws IOException {
    List<String> problems = new ArrayList<>();
    Verify.frontier(FrontierView.of(dir, ledger), problems::add);
    return problems;
  }

  private Path file(String prefix) throws IOException {
    try (Stream<Path> files = Files.list(dir.resolve("frontier/shard-00"))) {
      return files
          .filter(file -> file.getFileName().toString().startsWith(prefix))
          .sorted()
          .findFirst()
          .orElseThrow();
    }
  }

  static void breakByte(Path file, double where) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    bytes[(int) (bytes.length * where)] ^= 0x10;
    Files.write(file, bytes);
  }
}
