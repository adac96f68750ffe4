package io.sluice.frontier.inspect;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.core.config.RecrawlSettings;
import io.sluice.core.lease.Finding;
import io.sluice.core.lease.Lease;
import io.sluice.core.lease.Offer;
import io.sluice.core.lease.Reason;
import io.sluice.core.testing.TestLedger;
import io.sluice.frontier.FrontierView;
import io.sluice.frontier.RetryFilter;
import io.sluice.frontier.StoppedFrontier;
import io.sluice.frontier.TakenBack;
import io.sluice.frontier.TestConfig;
import io.sluice.frontier.hold.HostState.Kind;
import io.sluice.frontier.queue.QueuedUrl;
import io.sluice.frontier.repair.ShardRetry;
import io.sluice.frontier.repair.Verify;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** URLs that were given up or failed are queued again, once, whether or not a crawl is running. */
class RetryTest {

  @TempDir Path dir;
  private final TestConfig config = new TestConfig();
  private final TestLedger ledger = new TestLedger();

  @BeforeEach
  void noPatience() {
    config.patience =
        new io.sluice.core.config.PolitenessSettings.Patience(
            Duration.ZERO, Duration.ZERO, Duration.ZERO);
  }

  @AfterEach
  void nothingIsLeftOpen() {
    assertThat(ledger.entries()).isEmpty();
  }

  @Test
  void aHostThatWasGivenUpIsTakenBackByARunningCrawl() throws Exception {
    try (CrawlInTest crawl = new CrawlInTest(config, dir, ledger)) {
      crawl.offerPages("a.test", 3);
      crawl.start();
      Lease first = crawl.lease();
      keepAlive(crawl);
      crawl.trouble(first, Finding.CONNECTION_REFUSED, Reason.CONNECT_REFUSED);
      assertThat(crawl.frontier.stats().givenUp()).isEqualTo(3);
      assertThat(retry(crawl, new RetryFilter("dns-timeout", null))).isEqualTo(TakenBack.NONE);
      assertThat(retry(crawl, new RetryFilter(null, "b.test"))).isEqualTo(TakenBack.NONE);
      assertThat(retry(crawl, RetryFilter.ALL)).isEqualTo(new TakenBack(1, 3));
      assertThat(statesOf(Kind.GIVEN_UP)).as("what was answered is in the journal").isZero();
      for (int page = 0; page < 3; page++) {
        crawl.done(crawl.lease());
      }
    }
    assertThat(statesOf(Kind.PROVEN)).isEqualTo(1);
  }

  @Test
  void aHostThatWasGivenUpIsTakenBackInAStoppedCrawl() throws Exception {
    try (CrawlInTest crawl = new CrawlInTest(config, dir, ledger)) {
      crawl.offer("http://a.test/1", "http://a.test/2", "http://b.test/");
      crawl.start();
      crawl.trouble(crawl.lease(), Finding.CONNECTION_REFUSED, Reason.CONNECT_REFUSED);
      crawl.trouble(crawl.lease(), Finding.CONNECTION_REFUSED, Reason.CONNECT_REFUSED);
    }
    assertThat(statesOf(Kind.GIVEN_UP)).isEqualTo(2);
    assertThat(queued()).isEmpty();
    assertThat(retryStopped(new RetryFilter("connect-refused", "a.test")))
        .isEqualTo(new ShardRetry.Result(new TakenBack(1, 2), 0));
    assertThat(statesOf(Kind.GIVEN_UP)).isEqualTo(1);
    assertThat(queued()).containsExactlyInAnyOrder("http://a.test/1", "http://a.test/2");
    try (CrawlInTest crawl = new CrawlInTest(config, dir, ledger)) {
      crawl.start();
      assertThat(crawl.lease().url().host()).isEqualTo("a.test");
    }
  }

  @Test
  void aUrlWhoseLastLineSaysFailedIsQueuedAgainWithItsWayAndNoAttempts() throws Exception {
    try (CrawlInTest crawl = new CrawlInTest(config, dir, ledger)) {
      crawl.offer("http://a.test/");
      crawl.start();
      crawl.done(crawl.lease(), "http://a.test/deep", "http://a.test/good");
      crawl.fail(crawl.lease(), Reason.BAD_RESPONSE);
      crawl.done(crawl.lease());
      assertThat(failed(crawl, RetryFilter.ALL))
          .singleElement()
          .satisfies(
              url -> {
                assertThat(url.href()).isEqualTo("http://a.test/deep");
                assertThat(url.depth()).isEqualTo(1);
                assertThat(url.via()).isEqualTo("http://a.test/");
              });
    }
    assertThat(retryStopped(RetryFilter.ALL).failed()).isEqualTo(1);
    StringWriter lines = new StringWriter();
    new Export(FrontierView.of(dir, ledger), lines, false).queued();
    assertThat(lines.toString())
        .isEqualTo("http://a.test/deep\tdepth=1\tattempts=0\tvia=http://a.test/\n");
    assertThat(problems()).isEmpty();
  }

  @Test
  void anErrorPageIsQueuedAgainWhereItsReasonIsNamed() throws Exception {
    RetryFilter serverErrors = new RetryFilter("server-error", null);
    try (CrawlInTest crawl = new CrawlInTest(config, dir, ledger)) {
      crawl.offer("http://a.test/");
      crawl.start();
      crawl.done(crawl.lease(), "http://a.test/good");
      crawl.errorPage(crawl.lease(), Reason.SERVER_ERROR, 503);
      assertThat(failed(crawl, RetryFilter.ALL)).as("it did not fail").isEmpty();
      assertThat(failed(crawl, new RetryFilter("ok", null))).as("it is not well").isEmpty();
      assertThat(failed(crawl, serverErrors)).hasSize(1);
    }
    assertThat(retryStopped(serverErrors).failed()).isEqualTo(1);
    assertThat(retryStopped(serverErrors).failed()).as("it waits").isZero();
    assertThat(queued()).containsExactly("http://a.test/good");
    assertThat(problems()).isEmpty();
  }

  @Test
  void aUrlThatWaitsAgainIsNotQueuedTwiceHoweverOftenOneAsks() throws Exception {
    try (CrawlInTest crawl = new CrawlInTest(config, dir, ledger)) {
      crawl.offer("http://a.test/");
      crawl.start();
      crawl.fail(crawl.lease(), Reason.BAD_RESPONSE);
    }
    assertThat(retryStopped(RetryFilter.ALL).failed()).isEqualTo(1);
    assertThat(retryStopped(RetryFilter.ALL).failed()).isZero();
    try (CrawlInTest crawl = new CrawlInTest(config, dir, ledger)) {
      assertThat(failed(crawl, RetryFilter.ALL)).as("it waits").isEmpty();
      assertThat(offerAgain(crawl, "http://a.test/")).isZero();
      crawl.start();
      Lease lease = crawl.lease();
      keepAlive(crawl);
      assertThat(failed(crawl, RetryFilter.ALL)).as("it is leased").isEmpty();
      crawl.fail(lease, Reason.BAD_RESPONSE);
      assertThat(failed(crawl, RetryFilter.ALL)).as("it failed again").hasSize(1);
      assertThat(offerAgain(crawl, "http://a.test/")).isEqualTo(1);
      crawl.done(crawl.lease());
      assertThat(failed(crawl, RetryFilter.ALL)).as("its last line is that of a page").isEmpty();
    }
    assertThat(retryStopped(RetryFilter.ALL).failed()).isZero();
  }

  @Test
  void aPageThatFailedAtARevisitAndHasAnotherBeforeItIsLeftAlone() throws Exception {
    config.recrawl =
        new RecrawlSettings(Duration.ofSeconds(1), Duration.ofSeconds(1), Duration.ofDays(90));
    try (CrawlInTest crawl = new CrawlInTest(config, dir, ledger)) {
      crawl.offer("http://a.test/");
      crawl.start();
      crawl.done(crawl.lease());
      crawl.fail(crawl.lease(), Reason.BAD_RESPONSE);
    }
    assertThat(retryStopped(RetryFilter.ALL).failed()).isZero();
  }

  @Test
  void reasonAndHostChooseAmongTheFailed() throws Exception {
    try (CrawlInTest crawl = new CrawlInTest(config, dir, ledger)) {
      crawl.offer("http://a.test/", "http://b.test/", "http://c.test/");
      crawl.start();
      for (int url = 0; url < 3; url++) {
        Lease lease = crawl.lease();
        boolean c = lease.url().host().startsWith("c");
        crawl.fail(lease, c ? Reason.BAD_FRAMING : Reason.BAD_RESPONSE);
      }
      assertThat(hrefs(failed(crawl, new RetryFilter("bad-response", null))))
          .containsExactlyInAnyOrder("http://a.test/", "http://b.test/");
    }
    assertThat(retryStopped(new RetryFilter("bad-framing", "a.test")).failed()).isZero();
    assertThat(retryStopped(new RetryFilter(null, "c.test")).failed()).isEqualTo(1);
    assertThat(queued()).containsExactly("http://c.test/");
  }

  @Test
  void aRetryOfMoreThanMemoryHoldsSpillsToDisk() throws Exception {
    config.queueBytes = 2048;
    try (CrawlInTest crawl = new CrawlInTest(config, dir, ledger)) {
      crawl.offerPages("a.test", 300);
      crawl.start();
      for (int page = 0; page < 300; page++) {
        crawl.fail(crawl.lease(), Reason.BAD_RESPONSE);
      }
    }
    assertThat(retryStopped(RetryFilter.ALL).failed()).isEqualTo(300);
    assertThat(queued()).hasSize(300).doesNotHaveDuplicates();
    assertThat(problems()).isEmpty();
  }

  /** Takes a lease that never ends, which keeps the crawl from ending. */
  private static void keepAlive(CrawlInTest crawl) throws Exception {
    crawl.offer("http://alive.test/");
    crawl.lease();
  }

  private static TakenBack retry(CrawlInTest crawl, RetryFilter filter) throws Exception {
    return CrawlInTest.await(crawl.frontier.retry(filter));
  }

  private ShardRetry.Result retryStopped(RetryFilter filter) throws IOException {
    try (StoppedFrontier frontier = StoppedFrontier.take(dir, ledger)) {
      return frontier.retry(filter);
    }
  }

  private static long offerAgain(CrawlInTest crawl, String href) throws Exception {
    Offer again = Offer.seed(TestConfig.url(href)).onceMore();
    return CrawlInTest.await(crawl.frontier.offer(List.of(again))).accepted();
  }

  private static List<QueuedUrl> failed(CrawlInTest crawl, RetryFilter filter) throws IOException {
    List<QueuedUrl> found = new ArrayList<>();
    FailedUrls failed;
    try (ShardView shard = crawl.view().shard(0, _ -> true)) {
      failed = FailedUrls.find(shard, crawl.view().fingerprints(), filter);
    }
    failed.visit(found::add);
    return found;
  }

  private static List<String> hrefs(List<QueuedUrl> urls) {
    return urls.stream().map(QueuedUrl::href).toList();
  }

  private int statesOf(Kind kind) throws IOException {
    try (ShardView shard = FrontierView.of(dir, ledger).shard(0)) {
      return shard.stats().hosts(kind);
    }
  }

  private List<String> queued() throws IOException {
    StringWriter lines = new StringWriter();
    new Export(FrontierView.of(dir, ledger), lines, true).queued();
    return lines.toString().lines().toList();
  }

  private List<String> problems() throws IOException {
    List<String> problems = new ArrayList<>();
    Verify.frontier(FrontierView.of(dir, ledger), problems::add);
    return problems;
  }
}
