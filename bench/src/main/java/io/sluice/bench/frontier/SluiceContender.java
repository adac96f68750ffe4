package io.sluice.bench.frontier;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.sluice.core.config.ConfigLoader;
import io.sluice.core.config.LoadResult;
import io.sluice.core.config.SluiceConfig;
import io.sluice.core.lease.Ending;
import io.sluice.core.lease.Lease;
import io.sluice.core.lease.Offer;
import io.sluice.core.lease.Reason;
import io.sluice.core.lease.Settlement;
import io.sluice.core.lease.UrlEnd;
import io.sluice.core.lease.Visit;
import io.sluice.core.resource.ResourceLedger;
import io.sluice.frontier.Frontier;
import io.sluice.frontier.OfferCounts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Sluice's frontier, driven through its public API as by the fetcher process: URLs are offered in
 * batches; leases are taken on the shards' threads, and visited and settled on another thread.
 * Hosts have no delay, and the credit is large enough that journal syncs do not limit the rate.
 * Confined to the driving thread, except for callbacks from shards.
 */
final class SluiceContender implements Contender {

  private static final String CONFIG =
      """
      crawl: { name: bench, seeds: ["https://seed.test/"], user-agent: "SluiceBench/1.0 (+mailto:bench@sluice.test)" }
      scope: { domains: ["*"] }
      politeness: { delay: 0s }
      fetcher: { connections: 16384 }
      frontier: { outstanding-pages: 65536, outstanding-bytes: 16 GiB }
      shutdown: { deadline: 30m }
      """;

  private static final int BATCHES_UNDER_WAY = 256;
  private static final int SETTLEMENTS_UNDER_WAY = 1 << 16;
  private static final int TAKEN_AT_ONCE = 1_024;

  /** A frontier that issues no lease for this long counts as empty. */
  private static final long DRY_SECONDS = 10;

  private static final Visit VISIT = new Visit(null, null, true);

  private final Frontier frontier;
  private final Waits offers = new Waits(BATCHES_UNDER_WAY);
  private final Waits settlements = new Waits(SETTLEMENTS_UNDER_WAY);
  private final LongAdder accepted = new LongAdder();
  private final LongAdder seen = new LongAdder();
  private final LongAdder refused = new LongAdder();
  private final LinkedBlockingQueue<Lease> leases = new LinkedBlockingQueue<>();
  private boolean started;

  private SluiceContender(Frontier frontier) {
    this.frontier = frontier;
  }

  /** Opens the frontier, after giving back the leases that a killed process held. */
  static SluiceContender open(Path directory) throws Exception {
    Frontier frontier =
        Frontier.open(
            config(directory),
            directory,
            new ResourceLedger(),
            new SimpleMeterRegistry(),
            InstantSource.system(),
            System::nanoTime);
    frontier
        .giveBack(frontier.outAtStart())
        .toCompletableFuture()
        .get(Waits.LIMIT.toSeconds(), TimeUnit.SECONDS);
    return new SluiceContender(frontier);
  }

  private static SluiceConfig config(Path directory) throws IOException {
    Path file = directory.resolve("bench.yaml");
    Files.writeString(file, CONFIG);
    int processors = Runtime.getRuntime().availableProcessors();
    return switch (ConfigLoader.load(file, Map.of(), processors)) {
      case LoadResult.Loaded(SluiceConfig config) -> config;
      case LoadResult.Invalid(var problems) -> throw new IOException(problems.toString());
    };
  }

  @Override
  public void offer(List<Offer> batch) throws InterruptedException {
    offers.begin();
    var _ = frontier.offer(batch).whenComplete(this::answered);
  }

  private void answered(@Nullable OfferCounts part, @Nullable Throwable failure) {
    if (part != null) {
      accepted.add(part.accepted());
      seen.add(part.seen());
      refused.add(part.refused());
    }
    offers.end(failure);
  }

  @Override
  public void awaitOffers() throws InterruptedException {
    offers.awaitAll();
  }

  @Override
  public long leaseAndSettle(long count, long deadlineNanos) throws InterruptedException {
    start();
    Settlement done = new Settlement.Done(page(), List.of());
    List<Lease> taken = new ArrayList<>(TAKEN_AT_ONCE);
    long settled = 0;
    while (settled < count && System.nanoTime() - deadlineNanos < 0) {
      Lease first = leases.poll(DRY_SECONDS, TimeUnit.SECONDS);
      if (first == null) {
        break;
      }
      taken.add(first);
      leases.drainTo(taken, (int) Math.min(TAKEN_AT_ONCE, count - settled) - 1);
      for (Lease lease : taken) {
        settle(lease, done);
      }
      settled += taken.size();
      taken.clear();
    }
    settlements.awaitAll();
    return settled;
  }

  private void start() {
    if (!started) {
      started = true;
      frontier.start(leases::add);
    }
  }

  private void settle(Lease lease, Settlement settlement) throws InterruptedException {
    settlements.begin();
    frontier.visited(lease.id(), VISIT);
    var _ = frontier.settle(lease.id(), settlement).whenComplete((_, t) -> settlements.end(t));
  }

  private static UrlEnd page() {
    return new UrlEnd(Ending.PAGE, Reason.OK, 200, "192.0.2.1", Instant.now(), 12, 8_345);
  }

  @Override
  public Tally tally() {
    return new Tally(accepted.sum(), seen.sum(), refused.sum());
  }

  @Override
  public void close() throws InterruptedException {
    frontier.stopIntake();
    Lease lease = leases.poll(20, TimeUnit.MILLISECONDS);
    while (lease != null) {
      settle(lease, new Settlement.GiveBack());
      lease = leases.poll(20, TimeUnit.MILLISECONDS);
    }
    settlements.awaitAll();
    frontier.close();
  }
}
