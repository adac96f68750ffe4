package io.sluice.frontier.shard;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.core.lease.Ending;
import io.sluice.core.lease.Lease;
import io.sluice.core.lease.LeaseId;
import io.sluice.core.lease.Offer;
import io.sluice.core.lease.Reason;
import io.sluice.core.lease.Settlement;
import io.sluice.core.lease.UrlEnd;
import io.sluice.core.lease.Visit;
import io.sluice.core.testing.TestLedger;
import io.sluice.frontier.OfferCounts;
import io.sluice.frontier.TestConfig;
import io.sluice.frontier.credit.Credit;
import io.sluice.frontier.journal.Disk;
import io.sluice.frontier.journal.UnsyncedDisk;
import io.sluice.frontier.state.Journals;
import io.sluice.frontier.state.ShardFiles;
import io.sluice.frontier.state.ShardStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * A crawl of one shard in virtual time, driven by one seed: visits, outcomes, failures, late and
 * double settlements, clean stops, kills and power failures occur at random. The shard's promises
 * are recorded here, independently of it, and each lease is checked against them.
 */
final class Simulation {

  private static final long SECOND = 1_000_000_000L;

  /**
   * The simulated power failure is based on the syncs requested, so the kernel need not perform
   * them.
   */
  private static final Disk NO_SYNC = new UnsyncedDisk();

  private final Random random;
  private final TestConfig config = new TestConfig();
  private final TestLedger ledger = new TestLedger();
  private final Path directory;
  private final Path crawlLogs;
  private final int pages;
  private final int hosts;
  private final long queueBytes;
  private final int seenLimit;
  private final List<Runnable> merges = new ArrayList<>();

  // The oracle.
  private final Map<LeaseId, Lease> held = new LinkedHashMap<>();
  private final Map<LeaseId, Lease> inRedis = new LinkedHashMap<>();
  private final Map<CompletableFuture<Void>, Lease> unanswered = new HashMap<>();
  private final Set<LeaseId> mustBeOut = new HashSet<>();
  private final Set<String> promisedDone = new HashSet<>();
  private final Map<String, Integer> visiting = new HashMap<>();
  private final Map<String, Long> notBefore = new HashMap<>();
  private long highestSequence;
  private long now = SECOND;

  private ShardStore store;
  private Shard shard;
  private EndDetector end;

  @SuppressWarnings("NullAway.Init") // open() sets the remaining fields
  Simulation(long seed, Path directory) throws IOException {
    this.random = new Random(seed);
    this.directory = directory;
    this.crawlLogs = Files.createDirectories(directory.resolve("output"));
    this.pages = 50 + random.nextInt(150);
    this.hosts = 1 + random.nextInt(8);
    this.queueBytes = random.nextBoolean() ? 1 << 20 : 200 + random.nextInt(2000);
    this.seenLimit = 3 + random.nextInt(40);
    config.delay = Duration.ofMillis(random.nextBoolean() ? 0 : 1 + random.nextInt(2000));
    config.connectionsPerHost = 1 + random.nextInt(2);
    config.connections = 1 + random.nextInt(8);
    config.outstandingPages = 1 + random.nextInt(16);
    config.checkpointInterval = Duration.ofSeconds(5);
    ShardStore.create(shardFiles()).close();
    open();
  }

  /** Runs the crawl to its end through as many restarts as given. */
  void run(int restarts) throws IOException {
    begin();
    int left = restarts;
    for (int step = 0; !finished(); step++) {
      assertThat(step).as("steps of a crawl that does not end").isLessThan(100_000);
      if (left > 0 && random.nextInt(60) == 0) {
        left--;
        stopSomehow();
        open();
        recoverLeases();
        begin();
      } else {
        act();
      }
    }
    turn(new Message.Close(new CompletableFuture<>()));
  }

  /** The pages that must be done when this crawl ends. */
  Set<String> reachable() {
    Set<String> found = new HashSet<>();
    List<String> queue = new ArrayList<>(List.of(href(0)));
    found.add(href(0));
    for (int i = 0; i < queue.size(); i++) {
      for (String link : links(queue.get(i))) {
        if (found.add(link)) {
          queue.add(link);
        }
      }
    }
    return found;
  }

  Path crawlLog() {
    return crawlLogs.resolve("shard-00.jsonl.gz");
  }

  Set<String> promisedDone() {
    return promisedDone;
  }

  private void begin() throws IOException {
    CompletableFuture<OfferCounts> counts = new CompletableFuture<>();
    end.add(1);
    turn(
        new Message.Offered(List.of(Offer.seed(TestConfig.url(href(0)))), counts),
        new Message.Start(this::take));
    end.start();
  }

  private void take(Lease lease) {
    String host = lease.url().host();
    assertThat(lease.id().sequence()).as("a number never used").isGreaterThan(highestSequence);
    highestSequence = lease.id().sequence();
    assertThat(promisedDone).as("done for good").doesNotContain(lease.url().href());
    assertThat(visiting.merge(host, 1, Integer::sum))
        .isLessThanOrEqualTo(config.connectionsPerHost);
    assertThat(now)
        .as("time of a visit to " + host)
        .isGreaterThanOrEqualTo(notBefore.getOrDefault(host, 0L));
    held.put(lease.id(), lease);
    assertThat(visiting.values().stream().mapToInt(Integer::intValue).sum())
        .isLessThanOrEqualTo(config.connections);
    assertThat(held.size() + inRedis.size()).isLessThanOrEqualTo(config.outstandingPages + 1);
  }

  /** Queues a merge, which runs at a random time between turns, or never. */
  private void later(Runnable merge) {
    merges.add(merge);
  }

  private void act() throws IOException {
    if (!merges.isEmpty() && random.nextInt(10) == 0) {
      merges.removeFirst().run();
    }
    now += random.nextInt(4) == 0 ? random.nextLong(SECOND) : random.nextLong(5_000_000);
    switch (random.nextInt(5)) {
      case 0, 1 -> endVisit();
      case 2, 3 -> outcome();
      default -> turn();
    }
  }

  private void endVisit() throws IOException {
    if (held.isEmpty()) {
      now += shard.untilNextTurn() < 10 * SECOND ? shard.untilNextTurn() : 0;
      turn();
      return;
    }
    Lease lease = pick(held);
    long id = lease.id().sequence();
    held.remove(lease.id());
    String host = lease.url().host();
    visiting.merge(host, -1, Integer::sum);
    Duration retryAfter = random.nextInt(10) == 0 ? Duration.ofSeconds(3) : Duration.ZERO;
    long pause = Math.max(config.delay.toNanos(), retryAfter.toNanos());
    notBefore.merge(host, now + pause, Math::max);
    Message visited =
        new Message.Visited(id, new Visit(null, retryAfter, true), new CompletableFuture<>());
    switch (random.nextInt(9)) {
      case 8 -> turn(visited, settlement(id, new Settlement.HopBack()));
      case 0 ->
          turn(
              visited,
              settlement(id, new Settlement.Retry(Duration.ofSeconds(2), Reason.CONNECTION_RESET)));
      case 1 -> turn(visited, settlement(id, new Settlement.GiveBack()));
      case 2 -> {
        turn(visited);
        done(lease);
      }
      default -> {
        inRedis.put(lease.id(), lease);
        turn(visited, new Message.Outstanding(id, random.nextLong(20_000)));
      }
    }
  }

  private void outcome() throws IOException {
    if (inRedis.isEmpty()) {
      turn();
      return;
    }
    Lease lease = pick(inRedis);
    done(lease);
    if (random.nextInt(5) == 0) {
      done(lease); // twice: the outcome was not deleted in time
    }
  }

  private void done(Lease lease) throws IOException {
    CompletableFuture<Void> synced = new CompletableFuture<>();
    unanswered.put(synced, lease);
    settleDone(lease, synced);
  }

  private void settleDone(Lease lease, CompletableFuture<Void> synced) throws IOException {
    List<Offer> offers = new ArrayList<>();
    for (String link : links(lease.url().href())) {
      offers.add(new Offer(TestConfig.url(link), lease.depth() + 1, lease.url().href(), List.of()));
    }
    UrlEnd page = new UrlEnd(Ending.PAGE, Reason.OK, 200, null, Instant.EPOCH, 1, 2);
    turn(
        new Message.Settle(
            lease.id().sequence(), new Settlement.Done(page, List.of()), offers, synced));
  }

  private static Message settlement(long sequence, Settlement settlement) {
    return new Message.Settle(sequence, settlement, List.of(), new CompletableFuture<>());
  }

  private void turn(Message... messages) throws IOException {
    shard.turn(List.of(messages));
    // An outcome stays in Redis until its settlement is synced; see docs/handover.md.
    unanswered.entrySet().removeIf(entry -> entry.getKey().isDone() && answered(entry.getValue()));
  }

  private boolean answered(Lease lease) {
    inRedis.remove(lease.id());
    promisedDone.add(lease.url().href());
    return true;
  }

  private boolean finished() {
    return end.finished().toCompletableFuture().isDone();
  }

  private void stopSomehow() throws IOException {
    mustBeOut.clear();
    mustBeOut.addAll(held.keySet());
    mustBeOut.addAll(inRedis.keySet());
    unanswered.values().forEach(lease -> mustBeOut.remove(lease.id()));
    Path journal = Journals.file(store);
    long durable = Journals.durableLength(store);
    switch (random.nextInt(3)) {
      case 0 -> {
        turn(new Message.Close(new CompletableFuture<>()));
        return;
      }
      case 1 -> shard.close(); // a kill: written data stays
      default -> {
        shard.close();
        failPower(journal, durable);
        mustBeOut.clear(); // leases are written before they are handed out, not synced
      }
    }
    if (random.nextBoolean()) {
      byte[] garbage = new byte[random.nextInt(100)];
      random.nextBytes(garbage);
      Files.write(crawlLog(), garbage, StandardOpenOption.APPEND);
    }
  }

  /**
   * Drops the journal's tail after the synced part, or a part of that tail, or puts garbage there.
   */
  private void failPower(Path journal, long durable) throws IOException {
    byte[] bytes = Files.readAllBytes(journal);
    assertThat((long) bytes.length).isGreaterThanOrEqualTo(durable);
    int keep = (int) durable + random.nextInt(bytes.length - (int) durable + 1);
    byte[] left = Arrays.copyOf(bytes, keep + random.nextInt(50));
    for (int i = keep; i < left.length; i++) {
      left[i] = (byte) (random.nextBoolean() ? 0 : random.nextInt());
    }
    Files.write(journal, left);
  }

  private void open() throws IOException {
    now += SECOND;
    Credit credit = TestContexts.credit(config);
    end = new EndDetector(credit, null, () -> now);
    ShardContext context =
        TestContexts.of(
            config, credit, end, TestContexts.uplink(() -> now), () -> now, () -> Instant.EPOCH);
    store = ShardStore.recover(shardFiles());
    shard = new Shard(0, store, context);
    visiting.clear();
    unanswered.clear();
    notBefore.replaceAll((_, _) -> now + config.delay.toNanos());
  }

  /**
   * Does what the fetcher process does after a restart: leases that are not in Redis are given
   * back.
   */
  private void recoverLeases() throws IOException {
    held.clear();
    assertThat(shard.leasesOut()).as("leases that a kill cannot take").containsAll(mustBeOut);
    for (LeaseId out : shard.leasesOut()) {
      if (!inRedis.containsKey(out)) {
        turn(settlement(out.sequence(), new Settlement.GiveBack()));
      }
    }
    // Outcomes of leases that are not out: their settlement was journaled but not yet answered, or
    // the lease was lost in a power failure.
    for (Lease lease : List.copyOf(inRedis.values())) {
      if (!shard.leasesOut().contains(lease.id())) {
        inRedis.remove(lease.id());
        settleDone(lease, new CompletableFuture<>());
      }
    }
  }

  private ShardFiles shardFiles() {
    return new ShardFiles(
        0,
        directory.resolve("shard-00"),
        crawlLogs,
        6,
        queueBytes,
        seenLimit,
        64,
        NO_SYNC,
        this::later,
        ledger);
  }

  private Lease pick(Map<LeaseId, Lease> from) {
    return List.copyOf(from.values()).get(random.nextInt(from.size()));
  }

  private String href(int page) {
    return "http://h" + page % hosts + ".example.test/" + page;
  }

  private List<String> links(String href) {
    int page = Integer.parseInt(href.substring(href.lastIndexOf('/') + 1));
    return List.of(
        href((page * 2 + 1) % pages), href((page * 2 + 2) % pages), href((page + 7) % pages));
  }
}
