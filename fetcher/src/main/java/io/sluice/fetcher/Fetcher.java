package io.sluice.fetcher;

import io.micrometer.core.instrument.MeterRegistry;
import io.sluice.core.config.SluiceConfig;
import io.sluice.core.fault.KillPoint;
import io.sluice.core.lease.AddressDesk;
import io.sluice.core.lease.Lease;
import io.sluice.core.lease.LeaseDesk;
import io.sluice.core.lease.LeaseTaker;
import io.sluice.core.lease.Settlement;
import io.sluice.core.lease.Visit;
import io.sluice.core.lifecycle.Deadline;
import io.sluice.core.lifecycle.LeaseSums.ForcedLease;
import io.sluice.core.lifecycle.Stage;
import io.sluice.core.resource.Ledger;
import io.sluice.fetcher.guard.AddressGuard;
import io.sluice.fetcher.handover.PageSink;
import io.sluice.fetcher.http.HttpClient;
import io.sluice.fetcher.loop.EventLoops;
import io.sluice.fetcher.loop.Lane;
import io.sluice.fetcher.robots.RobotsDesk;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Visits the URLs of the leases that it takes, and hands their pages over. How many leases it has
 * at a time is the frontier's to bound; its connections, look-ups and caches it bounds itself.
 *
 * <p>Thread-safe: a lease hops to the lane of its host and stays there; the stage's methods ask the
 * lanes by message.
 */
public final class Fetcher implements LeaseTaker, Stage {
  private static final Logger LOG = LoggerFactory.getLogger(Fetcher.class);
  private static final int MAX_THREADS = 2;

  /** How long the lanes may take to cancel or close what they have. */
  private static final Duration LANE_PATIENCE = Duration.ofSeconds(2);

  private final EventLoops loops;
  private final HttpClient client;
  private final List<RobotsDesk> robots;
  private final List<CrawlLoop> crawlLoops;
  private final LeaseDesk desk;
  private final UnderWay underWay;
  private volatile State state = State.RUNNING;

  private enum State {
    RUNNING,
    STOPPED,
    CLOSED
  }

  private Fetcher(
      SluiceConfig config,
      LeaseDesk desk,
      AddressDesk addresses,
      PageSink sink,
      EventLoops loops,
      MeterRegistry meters,
      Clock clock) {
    this.loops = loops;
    this.desk = desk;
    this.underWay = new UnderWay();
    AddressGuard guard = new AddressGuard(config.fetcher().addresses());
    this.client = new HttpClient(config, loops, guard, meters);
    this.robots = RobotsDesk.forLanes(config, loops, client, guard, meters);
    CrawlRules rules = CrawlRules.of(config);
    FetcherMetrics metrics = new FetcherMetrics(meters, underWay::count);
    this.crawlLoops =
        robots.stream()
            .map(
                rulesDesk ->
                    new CrawlLoop(
                        rules, guard, rulesDesk, client, desk, addresses, sink, underWay, metrics,
                        clock))
            .toList();
  }

  /**
   * Opens a fetcher with its event loops; sockets are opened when they are needed. Desk, sink,
   * ledger and registry are borrowed.
   *
   * @param desk where leases are brought back
   * @param addresses who is asked before an IP address is
   * @param sink where pages go
   * @throws IllegalArgumentException if the configuration was not validated
   */
  public static Fetcher open(
      SluiceConfig config,
      LeaseDesk desk,
      AddressDesk addresses,
      PageSink sink,
      Ledger ledger,
      MeterRegistry meters) {
    int threads = Math.min(MAX_THREADS, Runtime.getRuntime().availableProcessors());
    EventLoops loops = EventLoops.open(threads, ledger);
    try {
      return new Fetcher(config, desk, addresses, sink, loops, meters, Clock.systemUTC());
    } catch (RuntimeException e) {
      loops.close();
      throw e;
    }
  }

  @Override
  public void take(Lease lease) {
    long takenNanos = System.nanoTime();
    underWay.begin();
    Lane lane = loops.laneOf(lease.url().host());
    try {
      lane.loop().execute(() -> begin(lane, lease, takenNanos));
    } catch (RejectedExecutionException e) {
      giveBack(lease);
    }
  }

  private void begin(Lane lane, Lease lease, long takenNanos) {
    KillPoint.LEASED.reached();
    if (state == State.RUNNING) {
      crawlLoops.get(lane.index()).crawl(lease, takenNanos);
    } else {
      giveBack(lease);
    }
  }

  private void giveBack(Lease lease) {
    desk.visited(lease.id(), Visit.UNREQUESTED);
    var _ =
        desk.settle(lease.id(), new Settlement.GiveBack())
            .exceptionally(
                failure -> {
                  LOG.warn("Lease {} was not given back", lease.id(), failure);
                  return null;
                });
    underWay.end();
  }

  /**
   * The leases that a stop cut: those whose requests were on the wire will repeat, and those whose
   * pages Redis has not taken in time, unless the next start finds the page there after all.
   */
  public List<ForcedLease> forcedLeases() {
    return underWay.cutLeases();
  }

  @Override
  public String name() {
    return "fetcher";
  }

  @Override
  public void stopIntake() {
    if (state == State.RUNNING) {
      state = State.STOPPED;
      underWay.stop();
    }
  }

  @Override
  public int cancelPending() {
    stopIntake();
    int before = underWay.count();
    onEachLane(this::cancelPending);
    return Math.max(0, before - underWay.count());
  }

  private void cancelPending(Lane lane) {
    client.cancelPending(lane);
    robots.get(lane.index()).cancelWaiting();
  }

  @Override
  public Drained drain(Deadline deadline) {
    int begun = underWay.count();
    int cutBefore = forcedLeases().size();
    underWay.awaitNone(deadline);
    if (underWay.count() > 0) {
      onEachLane(client::abort);
    }
    int forced = forcedLeases().size() - cutBefore;
    return new Drained(Math.max(0, begun - underWay.count() - forced), forced);
  }

  /**
   * Cancels what is left, and closes connections, resolvers and event loops, in this order. Takes
   * nine seconds at most, if loops do not answer; a shutdown waits for {@code
   * ShutdownSettings.stepBound} of them.
   */
  @Override
  public void close() {
    if (state == State.CLOSED) {
      return;
    }
    state = State.CLOSED;
    onEachLane(this::cancelPending);
    onEachLane(client::close);
    loops.close();
  }

  /** Runs something on each lane, side by side, and waits for that with patience. */
  private void onEachLane(Consumer<Lane> action) {
    CountDownLatch done = new CountDownLatch(loops.lanes().size());
    for (Lane lane : loops.lanes()) {
      try {
        lane.loop()
            .execute(
                () -> {
                  try {
                    action.accept(lane);
                  } finally {
                    done.countDown();
                  }
                });
      } catch (RejectedExecutionException e) {
        done.countDown();
      }
    }
    try {
      if (!done.await(LANE_PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
        LOG.warn("An event loop did not answer within {}", LANE_PATIENCE);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
