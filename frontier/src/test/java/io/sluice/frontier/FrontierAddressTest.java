package io.sluice.frontier;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.sluice.core.config.PolitenessSettings.Pace;
import io.sluice.core.lease.Ending;
import io.sluice.core.lease.Lease;
import io.sluice.core.lease.LeaseTaker;
import io.sluice.core.lease.Offer;
import io.sluice.core.lease.Settlement;
import io.sluice.core.lease.Visit;
import io.sluice.core.testing.TestLedger;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Many hosts in all shards share one address, while the shards' threads run. */
class FrontierAddressTest {

  private static final InetAddress SHARED = InetAddress.ofLiteral("192.0.2.1");
  private static final long DELAY_NANOS = 2_000_000;

  @TempDir Path dir;
  private final TestConfig config = new TestConfig();
  private final TestLedger ledger = new TestLedger();

  @AfterEach
  void nothingIsLeftOpen() {
    assertThat(ledger.entries()).isEmpty();
  }

  /**
   * Requests the address of each lease's host; visits the host if that is granted, otherwise gives
   * the lease back.
   */
  private static final class Visitor implements LeaseTaker {
    private final Frontier frontier;
    private final AtomicInteger visits = new AtomicInteger();
    private final AtomicInteger refused = new AtomicInteger();
    private final AtomicInteger offences = new AtomicInteger();
    private final AtomicInteger inFlight = new AtomicInteger();
    private final AtomicLong notBeforeNanos = new AtomicLong(System.nanoTime());

    Visitor(Frontier frontier) {
      this.frontier = frontier;
    }

    @Override
    public void take(Lease lease) {
      if (!frontier.addresses().admit(lease.id(), SHARED)) {
        refused.incrementAndGet();
        frontier.visited(lease.id(), Visit.UNREQUESTED);
        var _ = frontier.settle(lease.id(), new Settlement.GiveBack());
        return;
      }
      boolean early = System.nanoTime() - notBeforeNanos.get() < 0;
      boolean beside = inFlight.incrementAndGet() > 1;
      offences.addAndGet(early || beside ? 1 : 0);
      visits.incrementAndGet();
      inFlight.decrementAndGet();
      notBeforeNanos.set(System.nanoTime() + DELAY_NANOS);
      frontier.visited(lease.id(), new Visit(null, null, true));
      frontier.outstanding(lease.id(), 1000);
      var _ = frontier.settle(lease.id(), new Settlement.Done(FakeFetcher.page(), List.of()));
    }
  }

  @Test
  void hostsOfAllShardsTakeTurnsAtAnAddressAndAllAreVisited() throws Exception {
    config.shards = 4;
    config.address = new Pace(Duration.ofNanos(DELAY_NANOS), 1);
    try (Frontier frontier =
        Frontier.open(config.build(), dir, ledger, new SimpleMeterRegistry())) {
      List<Offer> seeds = new ArrayList<>();
      for (int i = 0; i < 300; i++) {
        seeds.add(Offer.seed(TestConfig.url("http://h" + i % 100 + ".test/" + i)));
      }
      frontier.offer(seeds).toCompletableFuture().get(10, TimeUnit.SECONDS);
      Visitor visitor = new Visitor(frontier);
      frontier.start(visitor);
      frontier.finished().toCompletableFuture().get(30, TimeUnit.SECONDS);

      assertThat(visitor.offences).hasValue(0);
      assertThat(visitor.visits).hasValue(300);
      assertThat(visitor.refused)
          .as("leases in vain: a host learns its address once")
          .hasValueLessThanOrEqualTo(100);
      assertThat(frontier.stats().done(Ending.PAGE)).isEqualTo(300);
    }
  }
}
