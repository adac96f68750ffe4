package io.sluice.frontier.inspect;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.sluice.core.lease.Ending;
import io.sluice.core.lease.Lease;
import io.sluice.core.lease.Offer;
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

/** A frontier that is driven by hand, in a directory. Confined to its test. */
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
            Ending.PAGE, "ok", 200, "192.0.2.1", Instant.parse("2026-11-21T10:00:00Z"), 1, 2);
    settle(lease, new Settlement.Done(end, offers));
  }

  void retry(Lease lease) throws Exception {
    settle(lease, new Settlement.Retry(Duration.ofHours(1), "connect-failed"));
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
