package io.sluice.frontier.shard;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.sluice.core.config.RecrawlSettings;
import io.sluice.core.lease.Ending;
import io.sluice.core.lease.Labels;
import io.sluice.core.lease.Lease;
import io.sluice.core.lease.LeaseId;
import io.sluice.core.lease.Offer;
import io.sluice.core.lease.PageVersion;
import io.sluice.core.lease.Priority;
import io.sluice.core.lease.Settlement;
import io.sluice.core.lease.UrlEnd;
import io.sluice.core.lease.Validators;
import io.sluice.core.testing.TestLedger;
import io.sluice.frontier.EndReason;
import io.sluice.frontier.TestConfig;
import io.sluice.frontier.journal.Disk;
import io.sluice.frontier.queue.HostQueue;
import io.sluice.frontier.seen.Fingerprints;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Pages that are visited again, by a clock of the test's. */
class RecrawlTest {

  private static final RecrawlSettings MINUTELY =
      new RecrawlSettings(Duration.ofSeconds(60), Duration.ofSeconds(30), Duration.ofSeconds(240));

  private static final Disk NO_SYNC =
      new Disk() {
        @Override
        public void sync(FileChannel channel) {}

        @Override
        public void syncDirectory(Path directory) {}
      };

  @TempDir Path dir;
  private final TestConfig config = new TestConfig();
  private final TestLedger ledger = new TestLedger();
  private final List<Lease> taken = new ArrayList<>();
  private long queueBytes = 1 << 20;
  private Instant wall = Instant.parse("2026-11-21T10:00:00Z");
  private long now;
  private Shard shard;
  private ShardStore store;
  private CrawlEnd end;

  @SuppressWarnings("NullAway.Init") // each test opens the shard
  RecrawlTest() {
    config.recrawl = MINUTELY;
  }

  @AfterEach
  void close() throws IOException {
    shard.close();
    assertThat(ledger.entries()).isEmpty();
  }

  @Test
  void aPageIsVisitedAgainWhenItIsDueAndNotBefore() throws IOException {
    create("http://a.test/1");
    done(taken.getFirst(), version(1));
    assertThat(taken).hasSize(1);
    assertThat(shard.snapshot().revisits()).isEqualTo(1);
    assertThat(shard.snapshot().queued()).isZero();

    pass(Duration.ofMillis(59_999));
    assertThat(taken).hasSize(1);
    assertThat(shard.untilNextTurn()).isLessThanOrEqualTo(Duration.ofSeconds(5).toNanos());

    pass(Duration.ofSeconds(4));
    assertThat(taken).extracting(lease -> lease.url().path()).containsExactly("/1", "/1");
    assertThat(shard.snapshot().revisits()).isZero();
  }

  @Test
  void aRevisitAsksForWhatTheLastVisitWasSent() throws IOException {
    create("http://a.test/1");
    assertThat(taken.getFirst().validators()).isEqualTo(Validators.NONE);
    done(taken.getFirst(), version(1));
    pass(Duration.ofSeconds(64));
    assertThat(taken.getLast().validators()).isEqualTo(version(1).validators());
    assertThat(taken.getLast().attempt()).isEqualTo(1);

    settle(taken.getLast(), new Settlement.Retry(Duration.ofSeconds(1), "reset"));
    pass(Duration.ofSeconds(2));
    assertThat(taken.getLast().validators()).isEqualTo(version(1).validators());
    assertThat(taken.getLast().attempt()).isEqualTo(2);

    done(taken.getLast(), version(2));
    pass(Duration.ofSeconds(64));
    assertThat(taken.getLast().validators()).isEqualTo(version(2).validators());
  }

  @Test
  void aPageThatDoesNotChangeIsVisitedLessOften() throws IOException {
    create("http://a.test/1");
    done(taken.getFirst(), version(1));
    pass(Duration.ofSeconds(64));
    settle(taken.get(1), new Settlement.Done(ended(Ending.UNCHANGED, 304), List.of()));
    pass(Duration.ofSeconds(119));
    assertThat(taken).hasSize(2);
    pass(Duration.ofSeconds(9));
    assertThat(taken).hasSize(3);
    assertThat(taken.get(2).validators()).isEqualTo(version(1).validators());
    assertThat(shard.snapshot().done())
        .containsOnly(Map.entry(Ending.PAGE, 1L), Map.entry(Ending.UNCHANGED, 1L));
  }

  @Test
  void aRevisitIsNotUrgentHoweverUrgentTheSeedWas() throws IOException {
    create();
    offer(Offer.seed(TestConfig.url("http://a.test/"), new Labels(Priority.URGENT, "news")));
    start();
    done(taken.getFirst(), version(1));
    pass(Duration.ofSeconds(64));
    assertThat(taken.get(1).labels()).isEqualTo(new Labels(Priority.NORMAL, "news"));
  }

  @Test
  void theCrawlDoesNotEndWhilePagesWaitToBeVisitedAgain() throws IOException {
    create("http://a.test/1");
    done(taken.getFirst(), version(1));
    reopen();
    assertThat(end.finished().toCompletableFuture()).isNotDone();
  }

  @Test
  void whenTheScheduleIsTakenAwayTheCrawlEndsAndItsCalendarStays() throws Exception {
    create("http://a.test/1");
    done(taken.getFirst(), version(1));
    config.recrawl = RecrawlSettings.NEVER;
    reopen();
    assertThat(shard.snapshot().revisits()).isEqualTo(1);
    pass(Duration.ofDays(1));
    assertThat(taken).isEmpty();
    assertThat(shard.untilNextTurn()).isPositive();
    assertThat(end.finished().toCompletableFuture().get()).isEqualTo(EndReason.EXHAUSTED);

    config.recrawl = MINUTELY;
    reopen();
    assertThat(taken).extracting(lease -> lease.url().href()).containsExactly("http://a.test/1");
  }

  @Test
  void aSettlementThatComesTwicePlansOnce() throws IOException {
    create("http://a.test/1");
    done(taken.getFirst(), version(1));
    done(taken.getFirst(), version(1));
    assertThat(shard.snapshot().revisits()).isEqualTo(1);
  }

  @Test
  void aRevisitNeedsNoPlaceInItsHostsBudget() throws IOException {
    config.maxPagesPerHost = 1;
    create("http://a.test/1");
    for (int i = 0; i < 3; i++) {
      done(taken.getLast(), version(i));
      pass(Duration.ofSeconds(64));
    }
    assertThat(taken).hasSize(4);
    assertThat(shard.snapshot().done()).doesNotContainKey(Ending.REFUSED);
  }

  @Test
  void bucketsAreNoHostsAndAreUsedAgain() throws IOException {
    create("http://a.test/1");
    for (int i = 0; i < 50; i++) {
      done(taken.getLast(), version(i));
      pass(Duration.ofSeconds(64));
    }
    assertThat(taken).hasSize(51);
    assertThat(shard.snapshot().hosts()).isEqualTo(1);
    assertThat(store.state().hosts()).hasSize(2);
  }

  @Test
  void manyDuePagesAreQueuedInSeveralTurns() throws IOException {
    config.connections = 2000;
    config.outstandingPages = 2000;
    create();
    for (int i = 0; i < 1500; i++) {
      offer(Offer.seed(TestConfig.url("http://h" + i + ".test/")));
    }
    start();
    turn();
    for (int i = 0; i < 1500; i++) {
      done(taken.get(i), version(i));
    }
    wall = wall.plusSeconds(64);
    turn();
    assertThat(shard.snapshot().revisits()).isEqualTo(1500 - 1024);
    assertThat(shard.untilNextTurn()).isZero();
    turn();
    assertThat(shard.snapshot().revisits()).isZero();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void theCalendarIsTheSameAfterEachStopAndKill(long seed) throws IOException {
    Random random = new Random(seed);
    queueBytes = 2000; // most of it is on disk
    create();
    for (int i = 0; i < 60; i++) {
      offer(Offer.seed(TestConfig.url("http://h" + i % 7 + ".test/" + i)));
    }
    start();
    for (int step = 0; step < 400; step++) {
      if (!taken.isEmpty() && random.nextInt(8) > 0) {
        settle(taken.removeFirst(), somehow(random));
      } else {
        pass(Duration.ofMillis(random.nextInt(40_000)));
      }
      if (random.nextInt(25) == 0) {
        Map<Long, List<String>> calendar = calendar();
        Map<String, Long> waiting = waiting();
        List<Lease> out = List.copyOf(taken);
        if (random.nextBoolean()) {
          turn(new Message.Close(new CompletableFuture<>()));
        } else {
          shard.close();
        }
        open();
        assertThat(calendar()).isEqualTo(calendar);
        assertThat(waiting()).isEqualTo(waiting);
        assertThat(shard.leasesOut()).hasSameElementsAs(out.stream().map(Lease::id).toList());
        taken.addAll(out);
        start();
      }
    }
    assertThat(shard.snapshot().done().get(Ending.PAGE)).isGreaterThan(60L);
    assertThat(store.state().queues().nextNumber()).as("segments written").isGreaterThan(5);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void noPageIsLostWhenThePowerFails(long seed) throws IOException {
    Random random = new Random(seed);
    queueBytes = 2000;
    create();
    for (int i = 0; i < 60; i++) {
      offer(Offer.seed(TestConfig.url("http://h" + i % 7 + ".test/" + i)));
    }
    start();
    for (int step = 0; step < 400; step++) {
      if (!taken.isEmpty() && random.nextInt(4) > 0) {
        done(taken.removeFirst(), version(random.nextInt(2)));
      } else {
        pass(Duration.ofMillis(random.nextInt(40_000)));
      }
      if (random.nextInt(25) == 0) {
        failPower(random);
        assertThat(pages()).hasSize(60).doesNotHaveDuplicates();
        start();
      }
    }
    assertThat(shard.snapshot().done().get(Ending.PAGE)).isGreaterThan(60L);
  }

  /** Drops what was not synced, or part of it; leases that are out then are given back. */
  private void failPower(Random random) throws IOException {
    Path journal = store.journalFile();
    int durable = (int) store.durableLength();
    shard.close();
    byte[] written = Files.readAllBytes(journal);
    int kept = durable + random.nextInt(written.length - durable + 1);
    Files.write(journal, Arrays.copyOf(written, kept));
    open();
    for (LeaseId out : shard.leasesOut()) {
      turn(
          new Message.Settle(
              out.sequence(), new Settlement.GiveBack(), List.of(), new CompletableFuture<>()));
    }
  }

  private List<String> pages() throws IOException {
    List<String> found = new ArrayList<>();
    for (HostQueue host : store.state().hosts()) {
      store.state().queues().visit(host, (_, url) -> found.add(url.unpack().href()));
    }
    return found;
  }

  private Settlement somehow(Random random) {
    return switch (random.nextInt(8)) {
      case 0 -> new Settlement.GiveBack();
      case 1 -> new Settlement.Done(ended(Ending.FAILED, 0), List.of());
      case 2 -> new Settlement.Done(ended(Ending.PAGE, 404), List.of());
      case 3 -> new Settlement.Done(ended(Ending.UNCHANGED, 304), List.of());
      default ->
          new Settlement.Done(ended(Ending.PAGE, 200), List.of(), version(random.nextInt(2)));
    };
  }

  /** What waits, in order, by the time at which it is due, with what is remembered of it. */
  private Map<Long, List<String>> calendar() throws IOException {
    Map<Long, List<String>> found = new TreeMap<>();
    for (Map.Entry<Long, HostQueue> bucket : store.state().calendar().byTime().entrySet()) {
      List<String> urls = new ArrayList<>();
      store
          .state()
          .queues()
          .visit(bucket.getValue(), (_, url) -> urls.add(url.unpack().toString()));
      found.put(bucket.getKey(), urls);
    }
    return found;
  }

  private Map<String, Long> waiting() {
    Map<String, Long> found = new TreeMap<>();
    store.state().hosts().forEach(host -> found.put(host.name(), host.size()));
    found.put("planned", store.state().calendar().size());
    found.put("queued", store.state().queued());
    return found;
  }

  private static PageVersion version(long digest) {
    Validators validators = Validators.of("\"" + digest + "\"", "Sat, 21 Nov 2026 10:00:00 GMT");
    return new PageVersion(validators, digest);
  }

  private static UrlEnd ended(Ending ending, int status) {
    return new UrlEnd(ending, "why", status, null, Instant.EPOCH, 1, 2);
  }

  private void done(Lease lease, @Nullable PageVersion version) throws IOException {
    settle(lease, new Settlement.Done(ended(Ending.PAGE, 200), List.of(), version));
  }

  private void settle(Lease lease, Settlement settlement) throws IOException {
    turn(
        new Message.Settle(
            lease.id().sequence(), settlement, List.of(), new CompletableFuture<>()));
  }

  private void pass(Duration time) throws IOException {
    wall = wall.plus(time);
    now += time.toNanos();
    turn();
  }

  private void create(String seed) throws IOException {
    create();
    offer(Offer.seed(TestConfig.url(seed)));
    start();
  }

  private void create() throws IOException {
    Files.createDirectories(dir.resolve("output"));
    ShardStore.create(place()).close();
    open();
  }

  private void reopen() throws IOException {
    turn(new Message.Close(new CompletableFuture<>()));
    open();
    start();
  }

  private void offer(Offer offer) throws IOException {
    end.add(1);
    turn(new Message.Offered(List.of(offer), new CompletableFuture<>()));
    pass(Duration.ofMillis(1));
  }

  private void start() throws IOException {
    turn(new Message.Start(taken::add));
    end.start();
  }

  private void open() throws IOException {
    taken.clear();
    store = ShardStore.recover(place());
    Credit credit =
        new Credit(
            new Credit.Limits(
                config.connections,
                config.outstandingPages,
                config.outstandingBytes,
                config.maxPages),
            1,
            _ -> {});
    credit.open();
    end = new CrawlEnd(credit, null, () -> now);
    shard =
        new Shard(
            0,
            store,
            new Surroundings(
                config.build(),
                new Fingerprints(1),
                credit,
                end,
                null,
                () -> now,
                () -> wall,
                new SimpleMeterRegistry().timer("sync")));
  }

  private void turn(Message... messages) throws IOException {
    shard.turn(List.of(messages));
  }

  private ShardPlace place() {
    return new ShardPlace(
        0,
        dir.resolve("shard-00"),
        dir.resolve("output"),
        6,
        queueBytes,
        1000,
        64,
        NO_SYNC,
        Runnable::run,
        ledger);
  }
}
