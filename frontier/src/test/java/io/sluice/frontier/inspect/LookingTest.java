package io.sluice.frontier.inspect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.core.lease.Ending;
import io.sluice.core.lease.Lease;
import io.sluice.core.testing.TestLedger;
import io.sluice.frontier.FrontierException;
import io.sluice.frontier.FrontierView;
import io.sluice.frontier.TestConfig;
import io.sluice.frontier.inspect.Explanation.Fate;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How tools see a frontier that they do not own. */
class LookingTest {

  @TempDir Path dir;
  private final TestConfig config = new TestConfig();
  private final TestLedger ledger = new TestLedger();

  @AfterEach
  void nothingIsLeftOpen() {
    assertThat(ledger.entries()).isEmpty();
  }

  @Test
  void aDirectoryWithoutAFrontierIsNamed() {
    assertThatThrownBy(() -> FrontierView.of(dir, ledger))
        .isInstanceOf(FrontierException.class)
        .hasMessageContaining(dir.toString())
        .hasMessageContaining("contains no frontier");
  }

  @Test
  void everyUrlIsInOnePlaceWheneverOneLooksAtARunningCrawl() throws Exception {
    config.shards = 2;
    config.queueBytes = 2048;
    config.checkpointInterval = Duration.ofMillis(1);
    try (CrawlInTest crawl = new CrawlInTest(config, dir, ledger)) {
      crawl.offerPages("a.test", 50);
      crawl.start();
      for (int page = 0; page < 300; page++) {
        Lease lease = crawl.lease();
        crawl.done(lease, "http://h" + page % 7 + ".test/" + page, "http://b.test/x" + page);
        if (page % 10 == 0) {
          assertThatSumsAgree(crawl.view());
        }
      }
      assertThat(stats(crawl.view()).segments()).as("the queues were spilled").isPositive();
    }
  }

  private static void assertThatSumsAgree(FrontierView frontier) throws IOException {
    ShardStats sum = stats(frontier);
    long ended = sum.ended().values().stream().mapToLong(Long::longValue).sum();
    assertThat(sum.seen()).isEqualTo(sum.queuedInAll() + sum.leases() + sum.retries() + ended);
  }

  private static ShardStats stats(FrontierView frontier) throws IOException {
    List<ShardStats> shards = new ArrayList<>();
    for (int number = 0; number < frontier.shards(); number++) {
      try (ShardView shard = frontier.shard(number)) {
        shards.add(shard.stats());
      }
    }
    return ShardStats.sum(shards);
  }

  @Test
  void theOwnerIsNamedWhileThereIsOne() throws Exception {
    FrontierView view;
    try (CrawlInTest crawl = new CrawlInTest(config, dir, ledger)) {
      view = crawl.view();
      assertThat(view.owner()).contains("process " + ProcessHandle.current().pid());
    }
    assertThat(view.owner()).isNull();
  }

  @Test
  void aUrlIsFoundWhereverItIs() throws Exception {
    config.domains = List.of("a.test");
    try (CrawlInTest crawl = new CrawlInTest(config, dir, ledger)) {
      crawl.offerPages("a.test", 5);
      crawl.offer("http://elsewhere.test/");
      crawl.start();
      Lease first = crawl.lease();
      crawl.done(first, "http://a.test/found");
      Lease second = crawl.lease();
      crawl.retry(second);
      Lease third = crawl.lease();

      assertThat(explain(crawl, first))
          .isInstanceOfSatisfying(
              Fate.Done.class,
              done -> assertThat(done.line().end().ending()).isEqualTo(Ending.PAGE));
      assertThat(explain(crawl, second))
          .isInstanceOfSatisfying(
              Fate.WaitsForRetry.class, retry -> assertThat(retry.url().attempts()).isEqualTo(1));
      assertThat(explain(crawl, third))
          .isInstanceOfSatisfying(
              Fate.Leased.class, leased -> assertThat(leased.lease()).isEqualTo(third.id()));
      assertThat(explain(crawl, "http://a.test/found"))
          .isInstanceOfSatisfying(
              Fate.Queued.class,
              queued -> {
                assertThat(queued.position()).isEqualTo(3);
                assertThat(queued.url().depth()).isEqualTo(1);
                assertThat(queued.url().via()).isEqualTo(first.url().href());
              });
      assertThat(explain(crawl, "http://elsewhere.test/"))
          .isInstanceOfSatisfying(
              Fate.RefusedSeed.class,
              seed -> assertThat(seed.line().end().reason()).isEqualTo("out-of-domain"));
      assertThat(explain(crawl, "http://a.test/never")).isEqualTo(new Fate.NeverSeen());
    }
  }

  @Test
  void whatEndedBeforeTheLastCheckpointIsFoundInTheCrawlLog() throws Exception {
    Lease lease;
    try (CrawlInTest crawl = new CrawlInTest(config, dir, ledger)) {
      crawl.offerPages("a.test", 2);
      crawl.start();
      lease = crawl.lease();
      crawl.done(lease);
    }
    FrontierView view = FrontierView.of(dir, ledger);
    assertThat(Explain.url(view, lease.url()).fate())
        .isInstanceOfSatisfying(
            Fate.Done.class,
            done -> {
              assertThat(done.line().url().href()).isEqualTo(lease.url().href());
              assertThat(done.line().end().status()).isEqualTo(200);
            });
  }

  @Test
  void everythingThatHasNotEndedIsExportedAndEverythingThatHas() throws Exception {
    try (CrawlInTest crawl = new CrawlInTest(config, dir, ledger)) {
      crawl.offerPages("a.test", 4);
      crawl.start();
      crawl.done(crawl.lease(), "http://b.test/");
      crawl.retry(crawl.lease());
      crawl.lease();

      StringWriter queued = new StringWriter();
      new Export(crawl.view(), queued, false).queued();
      assertThat(queued.toString().lines())
          .hasSize(4)
          .contains("http://b.test/\tdepth=1\tattempts=0\tvia=http://a.test/0")
          .anyMatch(line -> line.startsWith("http://a.test/1\tdepth=0\tattempts=1"));
      StringWriter done = new StringWriter();
      new Export(crawl.view(), done, true).done();
      assertThat(done.toString()).isEqualTo("http://a.test/0\n");
    }
  }

  private static Fate explain(CrawlInTest crawl, Lease lease) throws IOException {
    return Explain.url(crawl.view(), lease.url()).fate();
  }

  private static Fate explain(CrawlInTest crawl, String href) throws IOException {
    return Explain.url(crawl.view(), TestConfig.url(href)).fate();
  }
}
