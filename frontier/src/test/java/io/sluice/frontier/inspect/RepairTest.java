package io.sluice.frontier.inspect;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.core.testing.TestLedger;
import io.sluice.frontier.FrontierStats;
import io.sluice.frontier.FrontierView;
import io.sluice.frontier.StoppedFrontier;
import io.sluice.frontier.TestConfig;
import io.sluice.frontier.repair.Verify;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A repaired frontier opens, and has lost exactly what the repair reported. */
class RepairTest {

  private static final Pattern LOST = Pattern.compile("host \\S+: (\\d+) (?:waiting )?URLs");
  private static final InstantSource CLOCK =
      InstantSource.fixed(Instant.parse("2026-11-21T12:00:00Z"));

  @TempDir Path dir;
  private final TestConfig config = new TestConfig();
  private final TestLedger ledger = new TestLedger();
  private Set<String> before = Set.of();

  @BeforeEach
  void aStoppedCrawlWithUrlsInSegmentsAndInMemory() throws Exception {
    CrawlInTest.leaveUrlsInSegmentsAndInMemory(config, dir, ledger);
    before = queued(dir);
    assertThat(before).hasSize(2000);
  }

  @AfterEach
  void nothingIsLeftOpen() {
    assertThat(ledger.entries()).isEmpty();
  }

  @Test
  void aWholeFrontierIsLeftAlone() throws Exception {
    assertThat(repair()).isEmpty();
    assertThat(quarantined()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.001, 0.1, 0.3, 0.5, 0.77, 0.95})
  void oneBrokenByteOfASegmentCostsTheUrlsThatAreTold(double where) throws Exception {
    VerifyTest.breakByte(file("queue-"), where);
    List<String> losses = repair();
    assertThat(quarantined()).anyMatch(name -> name.startsWith("queue-"));
    assertThatWhatIsMissingWasTold(losses);
    assertThat(queued(dir)).as("most of a block is known again").hasSizeGreaterThan(1900);
  }

  @Test
  void halfASegmentCostsTheUrlsThatAreTold() throws Exception {
    Path segment = file("queue-");
    byte[] bytes = Files.readAllBytes(segment);
    Arrays.fill(bytes, bytes.length / 4, bytes.length * 3 / 4, (byte) 0);
    Files.write(segment, bytes);
    assertThatWhatIsMissingWasTold(repair());
  }

  @Test
  void aSegmentThatIsMissingCostsTheUrlsThatAreTold() throws Exception {
    Files.delete(file("queue-"));
    assertThatWhatIsMissingWasTold(repair());
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.0001, 0.02, 0.2, 0.4, 0.6, 0.8, 0.9999})
  void aBrokenByteOfTheCheckpointCostsLittle(double where) throws Exception {
    VerifyTest.breakByte(file("checkpoint-"), where);
    assertThat(repair()).isNotEmpty();
    assertThat(quarantined()).anyMatch(name -> name.startsWith("checkpoint-"));
    assertThatItOpens();
    assertThat(before).containsAll(queued(dir));
    assertThat(queued(dir)).hasSizeGreaterThan(1800);
  }

  @Test
  void aJournalThatIsMissingIsTold() throws Exception {
    Files.delete(file("journal-"));
    assertThat(repair()).singleElement().asString().contains("journal-", "is missing");
    assertThatItOpens();
    assertThat(queued(dir)).isEqualTo(before);
  }

  @Test
  void aCrawlLogThatBecameShorterIsCutToWhatIsWhole() throws Exception {
    Path log = dir.resolve("output/crawl/shard-00.jsonl.gz");
    byte[] bytes = Files.readAllBytes(log);
    Files.write(log, Arrays.copyOf(bytes, bytes.length - 7));
    assertThat(repair()).singleElement().asString().contains("was cut to");
    assertThat(quarantined()).contains("shard-00.jsonl.gz");
    assertThatItOpens();
    assertThat(queued(dir)).isEqualTo(before);
  }

  @Test
  void behindADamagedEventOfAJournalUrlsAreTakenUp(@TempDir Path killed) throws Exception {
    Set<String> known;
    try (CrawlInTest crawl = new CrawlInTest(config, dir, ledger)) {
      crawl.start();
      for (int page = 0; page < 50; page++) {
        crawl.done(crawl.lease(), "http://later.test/" + page);
      }
      copy(dir, killed);
      known = new HashSet<>(queued(dir));
    }
    dir = killed;
    Path journal = file("journal-");
    VerifyTest.breakByte(journal, 0.5);
    List<String> losses = repair();
    assertThat(losses).anyMatch(line -> line.contains("journal-") && line.contains("are lost"));
    assertThatItOpens();
    Set<String> after = queued(dir);
    known.removeAll(after);
    assertThat(known).as("what was in the damaged event alone is lost").hasSizeLessThanOrEqualTo(1);
  }

  /** Opens the frontier, lets it work and checks it. */
  private void assertThatItOpens() throws Exception {
    assertThat(problems()).isEmpty();
    Set<String> waiting = queued(dir);
    try (CrawlInTest crawl = new CrawlInTest(config, dir, ledger)) {
      FrontierStats stats = crawl.frontier.stats();
      assertThat(stats.queued() + stats.outstanding()).isEqualTo(waiting.size());
    }
    assertThat(queued(dir)).isEqualTo(waiting);
  }

  private void assertThatWhatIsMissingWasTold(List<String> losses) throws Exception {
    assertThatItOpens();
    Set<String> after = queued(dir);
    assertThat(before).containsAll(after);
    long told = 0;
    for (String line : losses) {
      Matcher lost = LOST.matcher(line);
      told += lost.lookingAt() ? Long.parseLong(lost.group(1)) : 0;
    }
    assertThat(told).as(losses.toString()).isEqualTo(before.size() - after.size());
  }

  private List<String> repair() throws IOException {
    List<String> losses = new ArrayList<>();
    try (StoppedFrontier frontier = StoppedFrontier.take(dir, ledger)) {
      frontier.repair(CLOCK, losses::add);
    }
    return losses;
  }

  private List<String> problems() throws IOException {
    List<String> problems = new ArrayList<>();
    Verify.frontier(FrontierView.of(dir, ledger), problems::add);
    return problems;
  }

  /** The URLs that have not ended, each once. */
  private Set<String> queued(Path crawl) throws IOException {
    StringWriter lines = new StringWriter();
    new Export(FrontierView.of(crawl, ledger), lines, true).queued();
    assertThat(lines.toString().lines()).doesNotHaveDuplicates();
    return new HashSet<>(lines.toString().lines().toList());
  }

  private List<String> quarantined() throws IOException {
    Path quarantine = dir.resolve("frontier/quarantine-20261121T120000Z/shard-00");
    if (!Files.exists(quarantine)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(quarantine)) {
      return files.map(file -> file.getFileName().toString()).toList();
    }
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

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Path target = to.resolve(from.relativize(file));
        if (Files.isDirectory(file)) {
          Files.createDirectories(target);
        } else if (!file.endsWith("lock")) {
          Files.copy(file, target);
        }
      }
    }
  }
}
