package io.sluice.frontier.inspect;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.sluice.core.lease.Ending;
import io.sluice.core.lease.Finding;
import io.sluice.core.lease.Lease;
import io.sluice.core.lease.Offer;
import io.sluice.core.lease.Reason;
import io.sluice.core.lease.Ruling;
import io.sluice.core.lease.Settlement;
import io.sluice.core.lease.UrlEnd;
import io.sluice.core.lease.Visit;
import io.sluice.core.testing.TestLedger;
import io.sluice.frontier.Frontier;
import io.sluice.frontier.FrontierView;
import io.sluice.frontier.OfferCounts;
import io.sluice.frontier.TestConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** A frontier in a directory, driven step by step. Confined to its test. */
final class CrawlInTest implements AutoCloseable {

  private final Path dir;
  private final TestLedger ledger;
  private final LinkedBlockingQueue<Lease> leases = new LinkedBlockingQueue<>();
  final Frontier frontier;

  CrawlInTest(TestConfig config, Path dir, TestLedger ledger) throws IOException {
    this.dir = dir;
    this.ledger = ledger;
    this.frontier = Frontier.open(config.build(), dir, ledger, new SimpleMeterRegistry());
  }

  FrontierView view() throws IOException {
    return FrontierView.of(dir, ledger);
  }

  OfferCounts offer(String... hrefs) throws Exception {
    return await(
        frontier.offer(List.of(hrefs).stream().map(TestConfig::url).map(Offer::seed).toList()));
  }

  /** Offers {@code http://<host>/0} and so on. */
  void offerPages(String host, int count) throws Exception {
    offer(
        IntStream.range(0, count).mapToObj(i -> "http://" + host + "/" + i).toArray(String[]::new));
  }

  /** Runs a crawl that stops with 2,000 URLs queued, and 10 pages done. */
  static void leaveUrlsInSegmentsAndInMemory(TestConfig config, Path dir, TestLedger ledger)
      throws Exception {
    config.queueBytes = 16 << 10;
    try (CrawlInTest crawl = new CrawlInTest(config, dir, ledger)) {
      for (int host = 0; host < 20; host++) {
        crawl.offerPages("h" + host + ".test", 100);
      }
      crawl.start();
      for (int page = 0; page < 10; page++) {
        crawl.done(crawl.lease(), "http://found.test/" + page);
      }
    }
  }

  void start() {
    frontier.start(leases::add);
  }

  Lease lease() throws InterruptedException {
    Lease lease = leases.poll(20, TimeUnit.SECONDS);
    if (lease == null) {
      throw new AssertionError("no lease came");
    }
    return lease;
  }

  void done(Lease lease, String... links) throws Exception {
    List<Offer> offers =
        List.of(links).stream()
            .map(
                link ->
                    new Offer(
                        TestConfig.url(link), lease.depth() + 1, lease.url().href(), List.of()))
            .toList();
    UrlEnd end =
        new UrlEnd(
            Ending.PAGE, Reason.OK, 200, "192.0.2.1", Instant.parse("2026-11-21T10:00:00Z"), 1, 2);
    settle(lease, new Settlement.Done(end, offers));
  }

  /** Ends a lease with an error page. */
  void errorPage(Lease lease, Reason reason, int status) throws Exception {
    Instant at = Instant.parse("2026-11-21T10:00:00Z");
    UrlEnd end = new UrlEnd(Ending.PAGE, reason, status, "192.0.2.1", at, 1, 2);
    settle(lease, new Settlement.Done(end, List.of()));
  }

  void retry(Lease lease) throws Exception {
    settle(lease, new Settlement.Retry(Duration.ofHours(1), Reason.CONNECT_FAILED));
  }

  /** Ends a lease as failed. */
  void fail(Lease lease, Reason reason) throws Exception {
    end(lease, Ending.FAILED, reason, null);
  }

  /** Ends a lease as redirected; its target is offered. */
  void redirect(Lease lease, String target) throws Exception {
    end(lease, Ending.REDIRECTED, Reason.REDIRECT, new UrlEnd.Target(target, null));
  }

  private void end(Lease lease, Ending ending, Reason reason, UrlEnd.@Nullable Target target)
      throws Exception {
    UrlEnd end =
        new UrlEnd(ending, reason, 0, null, Instant.parse("2026-11-21T10:00:00Z"), 1, 0, target);
    List<Offer> offers =
        target == null
            ? List.of()
            : List.of(
                new Offer(
                    TestConfig.url(target.href()),
                    lease.depth(),
                    lease.url().href(),
                    List.of(lease.url().href())));
    settle(lease, new Settlement.Done(end, offers));
  }

  /** Ends a lease as refused by the settings. */
  void setAside(Lease lease, Reason reason) throws Exception {
    settle(lease, new Settlement.SetAside(reason));
  }

  /**
   * Ends a lease whose host was in trouble; if the config allows no patience, the host is given up.
   */
  void trouble(Lease lease, Finding finding, Reason reason) throws Exception {
    Visit visit = Visit.troubled(finding, reason, true);
    assertThat(await(frontier.visited(lease.id(), visit))).isEqualTo(Ruling.SPARED);
    await(frontier.settle(lease.id(), new Settlement.Postpone(reason)));
  }

  private void settle(Lease lease, Settlement settlement) throws Exception {
    frontier.visited(lease.id(), new Visit(null, null, true));
    await(frontier.settle(lease.id(), settlement));
  }

  static <T> T await(CompletionStage<T> stage) throws Exception {
    return stage.toCompletableFuture().get(20, TimeUnit.SECONDS);
  }

  @Override
  public void close() {
    frontier.close();
  }
}
