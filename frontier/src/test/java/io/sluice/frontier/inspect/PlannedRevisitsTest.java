package io.sluice.frontier.inspect;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.core.config.RecrawlSettings;
import io.sluice.core.lease.Lease;
import io.sluice.core.testing.TestLedger;
import io.sluice.frontier.FrontierView;
import io.sluice.frontier.StoppedFrontier;
import io.sluice.frontier.TestConfig;
import io.sluice.frontier.repair.Verify;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** No tool counts pages on the calendar as queued, or their buckets as hosts. */
class PlannedRevisitsTest {

  private static final int PAGES = 6;

  @TempDir Path dir;

  private final TestLedger ledger = new TestLedger();
  private final TestConfig config = new TestConfig();
  private final List<Lease> visited = new ArrayList<>();

  @BeforeEach
  void visitSomePages() throws Exception {
    config.recrawl =
        new RecrawlSettings(Duration.ofDays(1), Duration.ofHours(1), Duration.ofDays(90));
    try (CrawlInTest crawl = new CrawlInTest(config, dir, ledger)) {
      crawl.offerPages("a.test", PAGES / 2);
      crawl.offerPages("b.test", PAGES / 2);
      crawl.start();
      for (int i = 0; i < PAGES; i++) {
        Lease lease = crawl.lease();
        crawl.done(lease);
        visited.add(lease);
      }
    }
  }

  @Test
  void theyAreCountedApart() throws IOException {
    assertThat(planned()).isEqualTo(PAGES);
    try (var shard = view().shard(0)) {
      assertThat(shard.stats().hosts()).isEqualTo(2);
      assertThat(shard.stats().queuedInAll()).isZero();
    }
    assertThat(problems()).isEmpty();
    StringWriter lines = new StringWriter();
    new Export(view(), lines, false).queued();
    assertThat(lines.toString()).isEmpty();
  }

  @Test
  void aVisitedUrlSaysWhenItIsVisitedAgain() throws IOException {
    assertThat(Explain.url(view(), visited.getFirst().url()).fate())
        .isInstanceOfSatisfying(
            Explanation.Fate.Done.class, done -> assertThat(done.next()).isBetween(in(1), in(3)));
  }

  @Test
  void aPurgedHostLeavesTheCalendar() throws IOException {
    try (StoppedFrontier frontier = StoppedFrontier.take(dir, ledger)) {
      assertThat(frontier.purge("a.test", InstantSource.system()).planned()).isEqualTo(PAGES / 2);
    }
    assertThat(planned()).isEqualTo(PAGES / 2);
    assertThat(problems()).isEmpty();
  }

  @Test
  void aRepairKeepsTheCalendar() throws IOException {
    Path journal;
    try (Stream<Path> files = Files.list(dir.resolve("frontier/shard-00"))) {
      journal = files.filter(f -> f.toString().contains("journal-")).findFirst().orElseThrow();
    }
    Files.delete(journal);
    try (StoppedFrontier frontier = StoppedFrontier.take(dir, ledger)) {
      frontier.repair(InstantSource.system(), _ -> {});
    }
    assertThat(planned()).isEqualTo(PAGES);
    assertThat(problems()).isEmpty();
  }

  private long planned() throws IOException {
    try (var shard = view().shard(0)) {
      return shard.stats().planned();
    }
  }

  private FrontierView view() throws IOException {
    return FrontierView.of(dir, ledger);
  }

  private List<String> problems() throws IOException {
    List<String> problems = new ArrayList<>();
    Verify.frontier(view(), problems::add);
    return problems;
  }

  private static Instant in(int days) {
    return Instant.now().plus(Duration.ofDays(days)).minus(Duration.ofHours(1));
  }
}
