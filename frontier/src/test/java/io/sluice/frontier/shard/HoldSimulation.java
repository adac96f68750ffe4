package io.sluice.frontier.shard;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.core.lease.Ending;
import io.sluice.core.lease.Finding;
import io.sluice.core.lease.Lease;
import io.sluice.core.lease.LeaseId;
import io.sluice.core.lease.Offer;
import io.sluice.core.lease.Reason;
import io.sluice.core.lease.Ruling;
import io.sluice.core.lease.Settlement;
import io.sluice.core.lease.UrlEnd;
import io.sluice.core.lease.Visit;
import io.sluice.core.lease.VisitKind;
import io.sluice.core.testing.TestLedger;
import io.sluice.frontier.TestConfig;
import io.sluice.frontier.credit.Credit;
import io.sluice.frontier.hold.HostState.Kind;
import io.sluice.frontier.hold.Uplink;
import io.sluice.frontier.journal.Disk;
import io.sluice.frontier.journal.UnsyncedDisk;
import io.sluice.frontier.queue.HostQueue;
import io.sluice.frontier.state.ShardFiles;
import io.sluice.frontier.state.ShardStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.concurrent.CompletableFuture;

/**
 * A crawl of many hosts in virtual time, driven by one seed. Hosts, their name servers and the
 * crawl's own uplink fail for a while or permanently, and the process is stopped and started again.
 * The outages are known only to the simulation, not to the shard. They determine each visit's
 * finding, and each visit and each host that was given up is checked against them.
 */
final class HoldSimulation {

  private static final long SECOND = 1_000_000_000L;
  private static final long NEVER = Long.MAX_VALUE;
  private static final Duration RETRY_DELAY = Duration.ofSeconds(30);
  private static final int ATTEMPTS = 3;

  private static final Disk NO_SYNC = new UnsyncedDisk();

  /** A host and its one outage: from {@code from} until {@code to}, every visit fails. */
  private record Host(String name, int urls, Finding trouble, long from, long to) {}

  /** A visit and the time of its end. */
  private record Step(long atNanos, long order, long issuedNanos, Lease lease) {}

  /** A failed visit, by the time of day and by the time that the crawl has run. */
  private record Troubled(long atNanos, long ranNanos) {}

  private final Random random;
  private final TestConfig config = new TestConfig();
  private final TestLedger ledger = new TestLedger();
  private final Path directory;
  private final List<Host> hosts = new ArrayList<>();
  private final Map<String, Host> byName = new HashMap<>();
  private final Map<String, Integer> fetched = new HashMap<>();
  private final Map<String, Integer> attempts = new HashMap<>();
  private final Map<String, List<Troubled>> troubled = new HashMap<>();
  private final PriorityQueue<Step> steps =
      new PriorityQueue<>(
          (one, other) ->
              one.atNanos() != other.atNanos()
                  ? Long.compare(one.atNanos(), other.atNanos())
                  : Long.compare(one.order(), other.order()));
  private final long uplinkFrom;
  private final long uplinkTo;
  private long now = SECOND;
  private long order;
  private long stoppedNanos;
  private boolean stoppedInOutage;
  private Shard shard;
  private ShardStore store;
  private EndDetector end;
  private Uplink uplink;

  @SuppressWarnings("NullAway.Init") // open() sets the remaining fields
  HoldSimulation(long seed, int hostCount, Path directory) throws IOException {
    this.random = new Random(seed);
    this.directory = directory;
    config.delay = Duration.ofSeconds(2);
    config.maxBackOff = Duration.ofMinutes(5);
    config.retryDelay = RETRY_DELAY;
    config.connections = 200;
    config.outstandingPages = 10_000;
    config.checkpointInterval = Duration.ofMinutes(1);
    boolean uplinkFails = random.nextInt(3) > 0;
    this.uplinkFrom = uplinkFails ? (2_000 + random.nextInt(8_000)) * SECOND / 1_000 : NEVER;
    this.uplinkTo = uplinkFails ? uplinkFrom + (30 + random.nextInt(600)) * SECOND : NEVER;
    for (int number = 0; number < hostCount; number++) {
      Host host = host(number);
      hosts.add(host);
      byName.put(host.name(), host);
    }
    ShardStore.create(shardFiles()).close();
    open();
  }

  private Host host(int number) {
    String name = "h" + number + ".test" + number; // each a registered domain of its own
    if (random.nextInt(10) < 6) {
      return new Host(name, 1 + random.nextInt(6), Finding.NOTHING, NEVER, NEVER);
    }
    Finding[] kinds = {
      Finding.DNS_TROUBLE,
      Finding.NO_CONNECTION,
      Finding.CONNECTION_REFUSED,
      Finding.TLS_TROUBLE,
      Finding.ROBOTS_TROUBLE,
      Finding.NO_ANSWER,
      Finding.ERROR_ANSWER
    };
    Finding kind = kinds[random.nextInt(kinds.length)];
    boolean ofUrls = kind == Finding.NO_ANSWER || kind == Finding.ERROR_ANSWER;
    // With fewer than three URLs, failures of a host cannot be distinguished from failures of its
    // URLs.
    int urls = ofUrls ? 8 + random.nextInt(4) : 1 + random.nextInt(6);
    long from = ofUrls || random.nextBoolean() ? 0 : random.nextInt(5_000) * SECOND / 1_000;
    long to = random.nextInt(4) == 0 ? NEVER : from + (1 + random.nextInt(2_000)) * SECOND;
    return new Host(name, urls, kind, from, to);
  }

  /** Runs to the end, with some stops, and checks the result against the outages. */
  void run() throws IOException {
    begin();
    int stops = 2;
    for (long step = 0; !finished(); step++) {
      assertThat(step).as("steps of a crawl that does not end").isLessThan(5_000_000);
      if (stops > 0 && steps.isEmpty() && random.nextInt(200) == 0) {
        stops--;
        stopAndGoOn();
      }
      next();
    }
    checkFetched();
    turn(new Message.Close(new CompletableFuture<>()));
    assertThat(ledger.entries()).isEmpty();
  }

  private void begin() throws IOException {
    List<Offer> seeds = new ArrayList<>();
    for (Host host : hosts) {
      for (int url = 0; url < host.urls(); url++) {
        seeds.add(Offer.seed(TestConfig.url("http://" + host.name() + "/" + url)));
      }
    }
    end.add(1);
    turn(new Message.Offered(seeds, new CompletableFuture<>()), new Message.Start(this::take));
    end.start();
  }

  private void next() throws IOException {
    long until = shard.untilNextTurn();
    Step step = steps.peek();
    if (step != null && step.atNanos() <= now + until) {
      steps.remove();
      now = Math.max(now, step.atNanos());
      visited(step);
    } else {
      now += Math.max(1, until);
      turn();
    }
  }

  private void take(Lease lease) {
    steps.add(new Step(now + (5 + random.nextInt(200)) * 1_000_000L, order++, now, lease));
    assertThat(fetched.containsKey(lease.url().href())).as("%s was fetched", lease).isFalse();
  }

  private void visited(Step step) throws IOException {
    Lease lease = step.lease();
    Host host = byName.get(lease.url().host());
    if (host == null) {
      throw new AssertionError(lease);
    }
    boolean cut = now >= uplinkFrom && now < uplinkTo;
    boolean down = now >= host.from() && now < host.to();
    Finding ofUplink = step.issuedNanos() < uplinkFrom ? Finding.NO_ANSWER : Finding.NO_CONNECTION;
    Finding finding = cut ? ofUplink : down ? host.trouble() : Finding.GOOD;
    if (finding == Finding.NO_ANSWER && lease.terms().kind() == VisitKind.FIRST && order % 2 == 0) {
      finding = Finding.CUT_SHORT;
    }
    if (finding != Finding.GOOD) {
      troubled
          .computeIfAbsent(host.name(), _ -> new ArrayList<>())
          .add(new Troubled(now, now - stoppedNanos));
    }
    Visit visit =
        finding == Finding.GOOD
            ? new Visit(null, null, true)
            : Visit.troubled(finding, Reason.CONNECT_FAILED, finding.reached());
    CompletableFuture<Ruling> ruling = new CompletableFuture<>();
    turn(new Message.Visited(lease.id().sequence(), visit, ruling));
    settle(lease, finding, ruling.join());
  }

  private void settle(Lease lease, Finding finding, Ruling ruling) throws IOException {
    String href = lease.url().href();
    Settlement settlement;
    if (finding == Finding.GOOD) {
      fetched.merge(href, 1, Integer::sum);
      attempts.put(href, lease.attempt());
      settlement = new Settlement.Done(end(Ending.PAGE), List.of());
    } else if (ruling == Ruling.SPARED) {
      settlement = new Settlement.Postpone(Reason.CONNECT_FAILED);
    } else {
      assertThat(lease.attempt())
          .as("attempts charged to %s, whose host is in trouble", href)
          .isLessThan(ATTEMPTS);
      settlement = new Settlement.Retry(RETRY_DELAY, Reason.CONNECT_FAILED);
    }
    turn(
        new Message.Settle(
            lease.id().sequence(), settlement, List.of(), new CompletableFuture<>()));
  }

  private static UrlEnd end(Ending ending) {
    return new UrlEnd(ending, Reason.OK, 200, null, Instant.EPOCH, 1, 2);
  }

  private void turn(Message... messages) throws IOException {
    shard.turn(List.of(messages));
  }

  private boolean finished() {
    return end.finished().toCompletableFuture().isDone();
  }

  /** Stops for an hour, which must not use up patience. */
  private void stopAndGoOn() throws IOException {
    if (random.nextBoolean()) {
      turn(new Message.Close(new CompletableFuture<>()));
    } else {
      shard.close();
    }
    stoppedInOutage |=
        now >= uplinkFrom && now < uplinkTo; // the shard has forgotten which URLs were charged
    now += 3_600 * SECOND;
    stoppedNanos += 3_600 * SECOND;
    open();
    for (LeaseId out : shard.leasesOut()) {
      turn(
          new Message.Settle(
              out.sequence(), new Settlement.GiveBack(), List.of(), new CompletableFuture<>()));
    }
    turn(new Message.Start(this::take));
    end.start();
  }

  private void open() throws IOException {
    Credit credit = TestContexts.credit(config);
    end = new EndDetector(credit, null, () -> now);
    uplink = TestContexts.uplink(() -> now);
    ShardContext context =
        TestContexts.of(config, credit, end, uplink, () -> now, () -> Instant.EPOCH);
    store = ShardStore.recover(shardFiles());
    shard = new Shard(0, store, context);
  }

  private void checkFetched() throws IOException {
    for (Host host : hosts) {
      HostQueue queue = store.state().host(host.name());
      boolean givenUp = queue != null && queue.state().kind() == Kind.GIVEN_UP;
      if (givenUp) {
        checkGivenUp(host);
      } else {
        for (int url = 0; url < host.urls(); url++) {
          String href = "http://" + host.name() + "/" + url;
          assertThat(fetched.getOrDefault(href, 0))
              .as("fetches of %s of %s, stopped for %s s", href, host, stoppedNanos / SECOND)
              .isEqualTo(1);
          if (host.trouble() == Finding.NOTHING && !stoppedInOutage) {
            assertThat(attempts.get(href)).as("attempts on %s, whose host is well", href).isOne();
          }
        }
      }
      checkAsked(host);
    }
  }

  /**
   * Checks that every visit to the host failed during the patience with it, and during that of the
   * tail.
   */
  private void checkGivenUp(Host host) {
    List<Troubled> found = troubled.getOrDefault(host.name(), List.of());
    assertThat(found).as("troubled visits of %s", host).hasSizeGreaterThanOrEqualTo(4);
    long shortest = 120 * SECOND;
    assertThat(found.getLast().ranNanos() - found.getFirst().ranNanos())
        .as("patience with %s", host)
        .isGreaterThanOrEqualTo(shortest - SECOND);
    long last = found.getLast().atNanos();
    boolean cut = last >= uplinkFrom && last < uplinkTo;
    assertThat(cut || host.to() > last).as("%s was given up in vain", host).isTrue();
  }

  /**
   * Pauses between probes double from two seconds up to five minutes, so there are few probes in
   * any period.
   */
  private void checkAsked(Host host) {
    List<Troubled> found = troubled.getOrDefault(host.name(), List.of());
    if (found.size() < 2) {
      return;
    }
    long nanos = found.getLast().ranNanos() - found.getFirst().ranNanos();
    double seconds = nanos / (double) SECOND;
    double doublings = Math.log(Math.max(2, seconds)) / Math.log(2) * 1.3;
    // Three URLs may fail before the host counts as in trouble; a stop or an outage may restart the
    // count.
    double most = 3 + 3 * (3 + doublings) + seconds / (300 * 0.8);
    assertThat((double) found.size()).as("visits of %s in trouble", host).isLessThan(most);
  }

  /** URLs that were fetched with more than one attempt. */
  long charged() {
    return attempts.values().stream().filter(attempt -> attempt > 1).count();
  }

  /** URLs that were fetched. */
  int fetched() {
    return fetched.size();
  }

  private ShardFiles shardFiles() throws IOException {
    return new ShardFiles(
        0,
        directory.resolve("shard-00"),
        Files.createDirectories(directory.resolve("output")),
        1,
        64 << 20,
        1 << 18,
        64,
        NO_SYNC,
        Runnable::run,
        ledger);
  }
}
