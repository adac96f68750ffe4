package io.sluice.frontier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.sluice.core.lease.Ending;
import io.sluice.core.lease.Offer;
import io.sluice.core.testing.TestLedger;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FrontierTest {

  @TempDir Path dir;
  private final TestConfig config = new TestConfig();
  private final TestLedger ledger = new TestLedger();

  @AfterEach
  void nothingIsLeftOpen() {
    assertThat(ledger.entries()).isEmpty();
  }

  @Test
  void aCrawlOfLinkedPagesEndsWhenEachWasFetchedOnce() throws Exception {
    config.shards = 4;
    try (Frontier frontier = open()) {
      OfferCounts counts = await(frontier.offer(seeds("http://h0.test/0")));
      FakeFetcher fetcher = new FakeFetcher(frontier, FrontierTest::linksOf);
      frontier.start(fetcher);

      assertThat(counts).isEqualTo(new OfferCounts(1, 0, 0, null));
      assertThat(await(frontier.finished())).isEqualTo(EndReason.EXHAUSTED);
      assertThat(fetcher.fetched).hasSize(1000).doesNotHaveDuplicates();
    }
  }

  @Test
  void everythingIsKnownAgainAfterACleanClose() throws Exception {
    config.shards = 3;
    config.maxPages = 400;
    crawl();
    config.maxPages = 0;
    try (Frontier frontier = open()) {
      assertThat(frontier.outAtStart()).isEmpty();
      assertThat(frontier.stats().done(Ending.PAGE)).isEqualTo(400);
      assertThat(await(frontier.offer(seeds("http://h0.test/0"))))
          .isEqualTo(new OfferCounts(0, 1, 0, null));
      FakeFetcher fetcher = new FakeFetcher(frontier, FrontierTest::linksOf);
      frontier.start(fetcher);

      assertThat(await(frontier.finished())).isEqualTo(EndReason.EXHAUSTED);
      assertThat(fetcher.fetched).hasSize(600);
      assertThat(frontier.stats().done(Ending.PAGE)).isEqualTo(1000);
    }
  }

  @Test
  void aDirectoryInUseIsRefusedWithTheOwnersPid() throws Exception {
    try (Frontier frontier = open()) {
      assertThatThrownBy(this::open)
          .isInstanceOf(FrontierInUseException.class)
          .hasMessageContaining("process " + ProcessHandle.current().pid());
      assertThat(frontier.stats().queued()).isZero();
    }
  }

  @Test
  void anotherNumberOfShardsIsRefusedByName() throws Exception {
    config.shards = 2;
    open().close();
    config.shards = 3;
    assertThatThrownBy(this::open)
        .isInstanceOf(FrontierException.class)
        .hasMessageContaining("frontier.shards=3")
        .hasMessageContaining("set it to 2");
  }

  @Test
  void theTimeOfTheCrawlIsRunningWhenTheFirstLeaseIsIssued() throws Exception {
    config.maxTime = Duration.ofHours(1);
    Thread starter = Thread.currentThread();
    CountDownLatch leased = new CountDownLatch(1);
    AtomicBoolean starting = new AtomicBoolean();
    AtomicBoolean leasedBefore = new AtomicBoolean();
    LongSupplier time =
        () -> {
          if (starting.get() && starter.equals(Thread.currentThread())) {
            leasedBefore.set(happens(leased));
          }
          return System.nanoTime();
        };
    try (Frontier frontier =
        Frontier.open(
            config.build(), dir, ledger, new SimpleMeterRegistry(), InstantSource.system(), time)) {
      await(frontier.offer(seeds("http://h0.test/0")));
      starting.set(true);
      frontier.start(_ -> leased.countDown());
      starting.set(false);

      assertThat(leased.await(20, TimeUnit.SECONDS)).isTrue();
      assertThat(leasedBefore).isFalse();
    }
  }

  private static boolean happens(CountDownLatch event) {
    try {
      return event.await(200, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private void crawl() throws Exception {
    try (Frontier frontier = open()) {
      await(frontier.offer(seeds("http://h0.test/0")));
      frontier.start(new FakeFetcher(frontier, FrontierTest::linksOf));
      assertThat(await(frontier.finished())).isEqualTo(EndReason.MAX_PAGES);
    }
  }

  /** A thousand pages on twenty hosts, each with links to ten others. */
  private static List<String> linksOf(String href) {
    int page = Integer.parseInt(href.substring(href.lastIndexOf('/') + 1));
    List<String> links = new ArrayList<>();
    for (int i = 1; i <= 10; i++) {
      int target = (page * 7 + i) % 1000;
      links.add("http://h" + target % 20 + ".test/" + target);
    }
    return links;
  }

  private Frontier open() throws IOException {
    return Frontier.open(config.build(), dir, ledger, new SimpleMeterRegistry());
  }

  private static List<Offer> seeds(String... hrefs) {
    return List.of(hrefs).stream().map(TestConfig::url).map(Offer::seed).toList();
  }

  private static <T> T await(CompletionStage<T> stage) throws Exception {
    return stage.toCompletableFuture().get(20, TimeUnit.SECONDS);
  }
}
