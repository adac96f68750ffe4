package io.sluice.frontier.inspect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.core.lease.Lease;
import io.sluice.core.testing.TestLedger;
import io.sluice.frontier.FrontierInUseException;
import io.sluice.frontier.FrontierStats;
import io.sluice.frontier.FrontierView;
import io.sluice.frontier.StoppedFrontier;
import io.sluice.frontier.TestConfig;
import io.sluice.frontier.repair.ShardPurge;
import io.sluice.frontier.repair.Verify;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A purge removes a host and nothing else. */
class PurgeTest {

  @TempDir Path dir;
  private final TestConfig config = new TestConfig();
  private final TestLedger ledger = new TestLedger();

  @AfterEach
  void nothingIsLeftOpen() {
    assertThat(ledger.entries()).isEmpty();
  }

  @Test
  void aHostsUrlsEndAsPurgedAndItsLinesAreGone() throws Exception {
    config.queueBytes = 8 << 10;
    try (CrawlInTest crawl = new CrawlInTest(config, dir, ledger)) {
      crawl.offerPages("bad.test", 500);
      crawl.offerPages("good.test", 300);
      crawl.offerPages("www.bad.test", 10);
      crawl.start();
      List<Lease> leases = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        leases.add(crawl.lease());
      }
      for (Lease lease : leases) {
        if (lease.url().host().equals("good.test")) {
          crawl.done(lease);
        } else if (lease.url().host().equals("bad.test")) {
          crawl.retry(lease);
        } else {
          crawl.done(lease);
        }
      }
      for (int i = 0; i < 10; i++) {
        crawl.done(crawl.lease());
      }
    }
    long badDone = done().stream().filter(line -> line.startsWith("http://bad.test/")).count();
    long badQueued = queued().stream().filter(line -> line.startsWith("http://bad.test/")).count();
    List<String> others = without(queued(), "http://bad.test/");

    ShardPurge.Result purged = purge("bad.test");

    assertThat(purged.logLines()).isEqualTo(badDone);
    assertThat(purged.queued() + purged.retries() + purged.leases()).isEqualTo(badQueued);
    assertThat(without(queued(), "http://bad.test/")).isEqualTo(others);
    assertThat(queued())
        .filteredOn(line -> line.startsWith("http://bad.test/"))
        .hasSize((int) purged.leases());
    assertThat(done())
        .filteredOn(line -> line.startsWith("http://bad.test/"))
        .hasSize((int) (purged.queued() + purged.retries()))
        .allMatch(line -> line.contains("\toutcome=refused\treason=purged\t"));
    assertThat(problems()).isEmpty();
    assertThat(purge("bad.test").logLines()).as("a second purge finds nothing").isZero();
    try (CrawlInTest crawl = new CrawlInTest(config, dir, ledger)) {
      FrontierStats stats = crawl.frontier.stats();
      assertThat(stats.queued() + stats.outstanding()).isEqualTo(queued().size());
      assertThat(crawl.offer("http://bad.test/7").seen()).isEqualTo(1);
    }
  }

  @Test
  void aHostThatIsNotThereChangesNothing() throws Exception {
    try (CrawlInTest crawl = new CrawlInTest(config, dir, ledger)) {
      crawl.offerPages("good.test", 3);
    }
    assertThat(purge("bad.test")).isEqualTo(new ShardPurge.Result(0, 0, 0, 0, 0));
    assertThat(queued()).hasSize(3);
  }

  @Test
  void aRunningCrawlIsRefusedByName() throws Exception {
    try (CrawlInTest crawl = new CrawlInTest(config, dir, ledger)) {
      assertThat(crawl.frontier.stats().queued()).isZero();
      assertThatThrownBy(() -> purge("bad.test"))
          .isInstanceOf(FrontierInUseException.class)
          .hasMessageContaining("process " + ProcessHandle.current().pid());
    }
  }

  private ShardPurge.Result purge(String host) throws IOException {
    try (StoppedFrontier frontier = StoppedFrontier.take(dir, ledger)) {
      return frontier.purge(host, InstantSource.system());
    }
  }

  private List<String> problems() throws IOException {
    List<String> problems = new ArrayList<>();
    Verify.frontier(FrontierView.of(dir, ledger), problems::add);
    return problems;
  }

  private List<String> queued() throws IOException {
    StringWriter lines = new StringWriter();
    new Export(FrontierView.of(dir, ledger), lines, false).queued();
    return lines.toString().lines().toList();
  }

  private List<String> done() throws IOException {
    StringWriter lines = new StringWriter();
    new Export(FrontierView.of(dir, ledger), lines, false).done();
    return lines.toString().lines().toList();
  }

  private static List<String> without(List<String> lines, String prefix) {
    return lines.stream().filter(line -> !line.startsWith(prefix)).toList();
  }
}
