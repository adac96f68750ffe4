package io.sluice.fetcher;

import io.micrometer.core.instrument.MeterRegistry;
import io.sluice.core.config.SluiceConfig;
import io.sluice.core.fault.KillPoint;
import io.sluice.core.lease.AddressDesk;
import io.sluice.core.lease.HostDesk;
import io.sluice.core.lease.Lease;
import io.sluice.core.lease.LeaseDesk;
import io.sluice.core.lease.LeaseTaker;
import io.sluice.core.lease.Settlement;
import io.sluice.core.lease.Visit;
import io.sluice.core.lifecycle.Deadline;
import io.sluice.core.lifecycle.LeaseSums.ForcedLease;
import io.sluice.core.lifecycle.Stage;
import io.sluice.core.metrics.LoopWatch;
import io.sluice.core.resource.Ledger;
import io.sluice.fetcher.cookie.WaitingChains;
import io.sluice.fetcher.gate.Gate;
import io.sluice.fetcher.guard.AddressGuard;
import io.sluice.fetcher.handover.PagePublisher;
import io.sluice.fetcher.handover.RecordSink;
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
 * Visits the URLs of the leases that it takes, and hands their pages over. The frontier bounds the
 * number of leases; the fetcher bounds its connections, lookups and caches.
 *
 * <p>Thread-safe: a lease moves to the lane of its host and stays there; the methods of {@link
 * Stage} send messages to the lanes.
 */
public final class Fetcher implements LeaseTaker, Stage {
  private static final Logger log = LoggerFactory.getLogger(Fetcher.class);
  private static final int MAX_THREADS = 2;

  /** How long the lanes may take to cancel their requests or close their connections. */
  private static final Duration LANE_PATIENCE = Duration.ofSeconds(2);

  private final EventLoops loops;
  private final HttpClient client;
  private final List<RobotsDesk> robots;
  private final List<CrawlLoop> crawlLoops;
  private final List<Admission> admissions;
  private final LeaseDesk desk;
  private final InFlight inFlight;
  private final List<LoopWatch> watches;
  private volatile State state = State.RUNNING;

  private enum State {
    RUNNING,
    STOPPED,
    CLOSED
  }

  private Fetcher(
      SluiceConfig config,
      LeaseDesk desk,
      Gate gate,
      PagePublisher publisher,
      RecordSink records,
      EventLoops loops,
      Ledger ledger,
      MeterRegistry meters,
      Clock clock) {
    this.loops = loops;
    this.desk = desk;
    this.inFlight = new InFlight();
    AddressGuard guard = AddressGuard.of(config);
    this.client = new HttpClient(config, loops, guard, meters, clock);
    this.robots = RobotsDesk.forLanes(config, loops, client, guard, meters);
    LoopParts parts =
        new LoopParts(
            CrawlRules.of(config),
            guard,
            client,
            desk,
            gate,
            publisher,
            records,
            inFlight,
            new WaitingChains(meters, Runtime.getRuntime().maxMemory()),
            new FetcherMetrics(meters, inFlight::count),
            clock);
    this.crawlLoops =
        loops.lanes().stream()
            .map(lane -> new CrawlLoop(lane, robots.get(lane.index()), parts))
            .toList();
    this.admissions =
        loops.lanes().stream()
            .map(
                lane ->
                    new Admission(
                        lane,
                        records,
                        Admission.PATIENCE,
                        lease -> goOn(lane, lease, records),
                        this::giveBack,
                        Admission.waits(meters)))
            .toList();
    this.watches =
        loops.lanes().stream()
            .map(lane -> LoopWatch.start("fetcher-" + lane.index(), lane.loop(), ledger, meters))
            .toList();
  }

  /** Opens a fetcher for a crawl that archives only pages. */
  public static Fetcher open(
      SluiceConfig config,
      LeaseDesk desk,
      AddressDesk addresses,
      HostDesk hosts,
      PagePublisher publisher,
      Ledger ledger,
      MeterRegistry meters) {
    return open(config, desk, addresses, hosts, publisher, RecordSink.NONE, ledger, meters);
  }

  /**
   * Opens a fetcher with its event loops; sockets are opened when they are needed. Desk, publisher,
   * ledger and registry are borrowed.
   *
   * @param desk where leases are settled
   * @param addresses asked for permission before a request is sent to an IP address
   * @param hosts decides whether a visit may ask a host other than its lease's
   * @param publisher receives the pages
   * @param records receives exchanges that are archived but not parsed
   * @throws IllegalArgumentException if the configuration was not validated
   */
  public static Fetcher open(
      SluiceConfig config,
      LeaseDesk desk,
      AddressDesk addresses,
      HostDesk hosts,
      PagePublisher publisher,
      RecordSink records,
      Ledger ledger,
      MeterRegistry meters) {
    int threads = Math.min(MAX_THREADS, Runtime.getRuntime().availableProcessors());
    EventLoops loops = EventLoops.open(threads, ledger);
    try {
      Gate gate = new Gate(config, addresses, hosts);
      Clock clock = Clock.systemUTC();
      return new Fetcher(config, desk, gate, publisher, records, loops, ledger, meters, clock);
    } catch (RuntimeException e) {
      loops.close();
      throw e;
    }
  }

  @Override
  public void take(Lease lease) {
    inFlight.begin();
    Lane lane = loops.laneOf(lease.url().host());
    long takenNanos = lane.nanoTime();
    try {
      lane.loop().execute(() -> begin(lane, lease, takenNanos));
    } catch (RejectedExecutionException e) {
      giveBack(lease);
    }
  }

  private void begin(Lane lane, Lease lease, long takenNanos) {
    KillPoint.LEASED.reached();
    Admission admission = admissions.get(lane.index());
    if (state != State.RUNNING) {
      giveBack(lease);
    } else if (admission.admits()) {
      crawl(lane, lease, takenNanos);
    } else {
      admission.await(lease);
    }
  }

  /** Visits the URL of a lease that waited for room, which has now been reserved. */
  private void goOn(Lane lane, Lease lease, RecordSink records) {
    if (state == State.RUNNING) {
      crawl(lane, lease, lane.nanoTime());
    } else {
      records.visitEnded();
      giveBack(lease);
    }
  }

  private void crawl(Lane lane, Lease lease, long takenNanos) {
    crawlLoops.get(lane.index()).crawl(lease, takenNanos);
  }

  private void giveBack(Lease lease) {
    var _ = desk.visited(lease.id(), Visit.UNREQUESTED);
    var _ =
        desk.settle(lease.id(), new Settlement.GiveBack())
            .exceptionally(
                failure -> {
                  log.warn("lease {} was not given back", lease.id(), failure);
                  return null;
                });
    inFlight.end();
  }

  /**
   * The leases whose URLs will be requested again, because a stop cut their request on the wire,
   * the frontier's storage did not accept their settlement, or Redis did not accept their page in
   * time (unless the next start finds the page there after all).
   */
  public List<ForcedLease> forcedLeases() {
    return inFlight.cutLeases();
  }

  @Override
  public String name() {
    return "fetcher";
  }

  @Override
  public void stopIntake() {
    if (state == State.RUNNING) {
      state = State.STOPPED;
      inFlight.stop();
    }
  }

  @Override
  public int cancelPending() {
    stopIntake();
    int before = inFlight.count();
    onEachLane(this::cancelPending);
    return Math.max(0, before - inFlight.count());
  }

  private void cancelPending(Lane lane) {
    admissions.get(lane.index()).cancelWaiting();
    client.cancelPending(lane);
    robots.get(lane.index()).cancelWaiting();
  }

  @Override
  public Drained drain(Deadline deadline) {
    int begun = inFlight.count();
    int cutBefore = forcedLeases().size();
    inFlight.awaitNone(deadline);
    if (inFlight.count() > 0) {
      onEachLane(client::abort);
    }
    int forced = forcedLeases().size() - cutBefore;
    return new Drained(Math.max(0, begun - inFlight.count() - forced), forced);
  }

  /**
   * Cancels the remaining requests and closes connections, resolvers and event loops, in this
   * order. Takes at most ten seconds, even if loops do not answer; a shutdown waits no longer than
   * {@code ShutdownSettings.stepBound}.
   */
  @Override
  public void close() {
    if (state == State.CLOSED) {
      return;
    }
    state = State.CLOSED;
    onEachLane(this::cancelPending);
    onEachLane(client::close);
    watches.forEach(LoopWatch::close);
    loops.close();
  }

  /** Runs an action on all lanes in parallel, and waits for {@link #LANE_PATIENCE} at most. */
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
        log.warn("an event loop did not answer within {}", LANE_PATIENCE);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
