package io.sluice.frontier.shard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.sluice.core.lease.Ending;
import io.sluice.core.lease.Lease;
import io.sluice.core.lease.LeaseId;
import io.sluice.core.lease.Offer;
import io.sluice.core.lease.Settlement;
import io.sluice.core.lease.UrlEnd;
import io.sluice.core.lease.Visit;
import io.sluice.core.testing.TestLedger;
import io.sluice.frontier.EndReason;
import io.sluice.frontier.OfferCounts;
import io.sluice.frontier.TestConfig;
import io.sluice.frontier.journal.DamagedFileException;
import io.sluice.frontier.journal.Disk;
import io.sluice.frontier.scope.Refusal;
import io.sluice.frontier.seen.Fingerprints;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ShardTest {

  private static final long MILLI = 1_000_000;
  private static final UrlEnd PAGE = new UrlEnd(Ending.PAGE, "ok", 200, null, Instant.EPOCH, 1, 2);

  @TempDir Path dir;
  private final TestConfig config = new TestConfig();
  private final TestLedger ledger = new TestLedger();
  private final FaultyDisk disk = new FaultyDisk();
  private final List<Lease> taken = new ArrayList<>();
  private long now = -MILLI; // monotonic time may begin anywhere
  private Shard shard;
  private ShardStore store;
  private CrawlEnd end;

  @SuppressWarnings("NullAway.Init") // each test opens the shard
  ShardTest() {}

  @AfterEach
  void close() throws IOException {
    if (!shard.closed()) {
      shard.close();
    }
    assertThat(ledger.entries()).isEmpty();
  }

  @Test
  void theUrlsOfAHostAreLeasedInTheOrderOfTheirDiscovery() throws IOException {
    create();
    offer("http://a.test/1", "http://a.test/2", "http://a.test/3");
    start();
    for (int i = 0; i < 3; i++) {
      settle(taken.getLast(), new Settlement.Done(PAGE, List.of()));
    }
    assertThat(taken).extracting(lease -> lease.url().path()).containsExactly("/1", "/2", "/3");
  }

  @Test
  void theDelayCountsFromTheEndOfTheVisitAndIsNeverShort() throws IOException {
    config.delay = Duration.ofMillis(100);
    create();
    offer("http://a.test/1", "http://a.test/2");
    start();
    now += 500 * MILLI;
    visited(taken.getFirst(), new Visit(null, null, true));
    now += 99 * MILLI;
    turn();
    assertThat(taken).hasSize(1);
    assertThat(shard.untilNextTurn()).isLessThanOrEqualTo(MILLI);
    now += MILLI;
    turn();
    assertThat(taken).hasSize(2);
  }

  @Test
  void aHostWhoseTimeComesBetweenTwoTurnsHasItsTurnAtOnce() throws IOException {
    config.delay = Duration.ofMillis(100);
    create();
    offer("http://a.test/1", "http://a.test/2");
    start();
    visited(taken.getFirst(), new Visit(null, null, true));
    now += 101 * MILLI; // between the end of that turn and the question when the next is due
    assertThat(shard.untilNextTurn()).isZero();
  }

  @Test
  void aHostThatLacksCreditIsNotPolledFor() throws IOException {
    config.connections = 1;
    config.syncInterval = Duration.ofSeconds(10);
    create();
    offer("http://a.test/", "http://b.test/");
    start();
    assertThat(taken).hasSize(1);
    assertThat(shard.untilNextTurn()).isGreaterThan(Duration.ofSeconds(9).toNanos());
  }

  @Test
  void aVisitWithoutARequestStartsNoDelay() throws IOException {
    config.delay = Duration.ofMillis(100);
    create();
    offer("http://a.test/1", "http://a.test/2");
    start();
    visited(taken.getFirst(), Visit.UNREQUESTED);
    assertThat(taken).hasSize(2);
  }

  @Test
  void aCrawlDelayIsKeptAcrossARestart() throws IOException {
    create();
    offer("http://a.test/1", "http://a.test/2");
    start();
    visited(taken.getFirst(), new Visit(Duration.ofSeconds(7), null, true));
    reopen();
    start();
    now += 6999 * MILLI;
    turn();
    assertThat(taken).isEmpty();
    now += MILLI;
    turn();
    assertThat(taken).hasSize(1);
  }

  @Test
  void whatAHostAsksForIsGrantedUpToADay() throws IOException {
    create();
    offer("http://a.test/1", "http://a.test/2", "http://b.test/1", "http://b.test/2");
    start();
    Duration endless = Duration.ofSeconds(Long.MAX_VALUE);
    visited(taken.get(0), new Visit(endless, Duration.ofSeconds(-1), true));
    visited(taken.get(1), new Visit(Duration.ofSeconds(-1), endless, true));
    assertThat(taken).hasSize(2);
    now += Duration.ofDays(1).toNanos();
    turn();
    assertThat(taken).hasSize(4);
  }

  @Test
  void aNegativeCrawlDelayIsNone() throws IOException {
    create();
    offer("http://a.test/1", "http://a.test/2");
    start();
    visited(taken.getFirst(), new Visit(Duration.ofSeconds(-1), null, true));
    assertThat(taken).hasSize(2);
  }

  @Test
  void aRetryWaitsAndCountsAndAGivenBackUrlDoesNeither() throws IOException {
    create();
    offer("http://a.test/1");
    start();
    settle(taken.getLast(), new Settlement.GiveBack());
    assertThat(taken).hasSize(2);
    assertThat(taken.getLast().attempt()).isEqualTo(1);
    settle(taken.getLast(), new Settlement.Retry(Duration.ofMillis(50), "reset"));
    now += 49 * MILLI;
    turn();
    assertThat(taken).hasSize(2);
    now += MILLI;
    turn();
    assertThat(taken).hasSize(3);
    assertThat(taken.getLast().attempt()).isEqualTo(2);
  }

  @Test
  void aSettlementIsAnsweredOnlyOnceItIsSynced() throws IOException {
    config.syncInterval = Duration.ofSeconds(1);
    create();
    offer("http://a.test/1");
    start();
    now += 10_000 * MILLI;
    turn();
    disk.costNanos = 10 * MILLI; // the next sync is slow, so that the one after it is put off
    CompletableFuture<Void> retried = new CompletableFuture<>();
    turn(settlement(taken.getLast(), new Settlement.GiveBack(), retried));
    assertThat(retried).isDone();
    CompletableFuture<Void> done = new CompletableFuture<>();
    turn(settlement(taken.getLast(), new Settlement.Done(PAGE, List.of()), done));
    assertThat(done).isNotDone();
    now += 40 * MILLI;
    turn();
    assertThat(done).isDone();
  }

  @Test
  void aLateOutcomeChangesNothingButItsLinksAreTaken() throws IOException {
    create();
    offer("http://a.test/1", "http://c.test/");
    start();
    Lease lease = taken.getFirst();
    settle(lease, new Settlement.Done(PAGE, List.of()));
    Offer link = new Offer(TestConfig.url("http://b.test/2"), 1, lease.url().href(), List.of());
    turn(
        new Message.Settle(
            lease.id().sequence(),
            new Settlement.Done(PAGE, List.of()),
            List.of(link),
            new CompletableFuture<>()));
    assertThat(shard.snapshot().done()).containsEntry(Ending.PAGE, 1L);
    assertThat(taken).extracting(l -> l.url().href()).contains("http://b.test/2");
  }

  @Test
  void noMoreVisitsAreUnderWayThanThereAreConnections() throws IOException {
    config.connections = 2;
    create();
    offer("http://a.test/", "http://b.test/", "http://c.test/");
    start();
    assertThat(taken).hasSize(2);
    visited(taken.getFirst(), new Visit(null, null, true));
    turn(new Message.Wake());
    assertThat(taken).hasSize(3);
  }

  @Test
  void whenParsersOweTooMuchOnlyOnePageIsLeased() throws IOException {
    config.outstandingBytes = 1;
    create();
    offer("http://a.test/", "http://b.test/");
    start();
    assertThat(taken).hasSize(1);
    visited(taken.getFirst(), new Visit(null, null, true));
    turn(new Message.Outstanding(taken.getFirst().id().sequence(), 1000));
    assertThat(taken).hasSize(1);
    settle(taken.getFirst(), new Settlement.Done(PAGE, List.of()));
    turn(new Message.Wake());
    assertThat(taken).hasSize(2);
  }

  @Test
  void aPageHoldsRoomForItsOutcomeUntilThatIsJournaled() throws IOException {
    config.outstandingBytes = 60_000;
    create();
    offer("http://a.test/", "http://b.test/");
    start();
    visited(taken.getFirst(), new Visit(null, null, true));
    turn(new Message.Outstanding(taken.getFirst().id().sequence(), 20_000));
    turn(new Message.Wake());
    assertThat(taken).as("20,000 bytes twice leave no room for another page").hasSize(1);
    settle(taken.getFirst(), new Settlement.Done(PAGE, List.of()));
    turn(new Message.Wake());
    assertThat(taken).hasSize(2);
  }

  @Test
  void theBudgetOfPagesIsNeverOverrun() throws Exception {
    config.maxPages = 2;
    create();
    offer("http://a.test/", "http://b.test/", "http://c.test/", "http://d.test/");
    start();
    assertThat(taken).hasSize(2);
    UrlEnd failed = new UrlEnd(Ending.FAILED, "reset", 0, null, Instant.EPOCH, 1, 0);
    settle(taken.getFirst(), new Settlement.Done(failed, List.of()));
    turn(new Message.Wake());
    assertThat(taken).hasSize(3);
    settle(taken.get(1), new Settlement.Done(PAGE, List.of()));
    assertThat(end.finished().toCompletableFuture()).isNotDone();
    settle(taken.get(2), new Settlement.Done(PAGE, List.of()));
    assertThat(end.finished().toCompletableFuture().get()).isEqualTo(EndReason.MAX_PAGES);
    assertThat(taken).hasSize(3);
  }

  @Test
  void whenTimeIsUpTheCrawlEndsAsSoonAsAllLeasesAreHome() throws Exception {
    config.maxTime = Duration.ofSeconds(1);
    create();
    offer("http://a.test/1", "http://a.test/2");
    start();
    now += 1000 * MILLI;
    turn();
    assertThat(end.finished().toCompletableFuture()).isNotDone();
    settle(taken.getFirst(), new Settlement.Done(PAGE, List.of()));
    assertThat(end.finished().toCompletableFuture().get()).isEqualTo(EndReason.MAX_TIME);
    assertThat(taken).hasSize(1);
  }

  @Test
  void aHostsBudgetRefusesWhatIsQueuedBehindIt() throws Exception {
    config.maxPagesPerHost = 1;
    create();
    offer("http://a.test/1", "http://a.test/2", "http://a.test/3");
    start();
    visited(taken.getFirst(), new Visit(null, null, true));
    assertThat(taken).hasSize(1);
    settle(taken.getFirst(), new Settlement.Done(PAGE, List.of()));
    turn();
    turn();
    assertThat(shard.snapshot().done())
        .containsEntry(Ending.PAGE, 1L)
        .containsEntry(Ending.REFUSED, 2L);
    assertThat(taken).hasSize(1);
    assertThat(end.finished().toCompletableFuture().get()).isEqualTo(EndReason.EXHAUSTED);
  }

  @Test
  void queuedUrlsAreJudgedAnewByEditedSettings() throws IOException {
    create();
    offer("http://a.test/in", "http://b.test/out");
    config.exclude = List.of(Pattern.compile("out"));
    reopen();
    start();
    assertThat(taken).extracting(lease -> lease.url().path()).containsExactly("/in");
    assertThat(shard.snapshot().done()).containsEntry(Ending.REFUSED, 1L);
  }

  @Test
  void aRefusedSeedIsCountedEachTimeAndLoggedOnce() throws IOException {
    config.domains = List.of("other.test");
    create();
    assertThat(offer("http://a.test/")).isEqualTo(new OfferCounts(0, 0, 1));
    reopen();
    assertThat(offer("http://a.test/")).isEqualTo(new OfferCounts(0, 0, 1));
    assertThat(shard.snapshot().refused()).containsEntry(Refusal.OUT_OF_DOMAIN, 1L);
    assertThat(shard.snapshot().seen()).isEqualTo(1);
  }

  @Test
  void leasesThatAreOutAtACleanStopAreOutAtTheNextStart() throws IOException {
    create();
    offer("http://a.test/1");
    start();
    LeaseId id = taken.getFirst().id();
    reopen();
    assertThat(shard.leasesOut()).containsExactly(id);
    start();
    settle(id, new Settlement.GiveBack());
    assertThat(taken.getFirst().id().sequence()).isGreaterThan(id.sequence());
  }

  @Test
  void afterAFailedSyncNothingIsAnsweredAsDone() throws IOException {
    create();
    offer("http://a.test/1");
    start();
    disk.failing = true;
    CompletableFuture<Void> synced = new CompletableFuture<>();
    assertThatThrownBy(() -> turn(settlement(taken.getFirst(), new Settlement.GiveBack(), synced)))
        .hasMessage("injected");
    disk.failing = false; // the kernel reports a failed sync once only
    assertThatThrownBy(() -> turn()).hasMessageContaining("an earlier write or sync failed");
    assertThat(synced).isNotDone();
    shard.fail(new IOException("gone"));
    assertThat(synced).isCompletedExceptionally();
  }

  @Test
  void aMissingJournalRefusesTheStart() throws IOException {
    create();
    shard.close();
    Files.delete(store.journalFile());
    assertThatThrownBy(() -> ShardStore.recover(place()))
        .isInstanceOf(DamagedFileException.class)
        .hasMessageContaining("is missing");
  }

  @Test
  void aDamagedCheckpointRefusesTheStart() throws IOException {
    create();
    offer("http://a.test/1");
    turn(new Message.Close(new CompletableFuture<>()));
    Path checkpoint = Path.of(store.journalFile().toString().replace("journal-", "checkpoint-"));
    byte[] whole = Files.readAllBytes(checkpoint);
    for (int at = 0; at < whole.length; at++) {
      byte[] damaged = whole.clone();
      damaged[at] ^= 1;
      Files.write(checkpoint, damaged);
      assertThatThrownBy(() -> ShardStore.recover(place()))
          .as("byte " + at)
          .isInstanceOf(DamagedFileException.class);
    }
  }

  private void create() throws IOException {
    Files.createDirectories(dir.resolve("output"));
    ShardStore.create(place()).close();
    open();
  }

  private void reopen() throws IOException {
    turn(new Message.Close(new CompletableFuture<>()));
    open();
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
    end = new CrawlEnd(credit, config.maxTime, () -> now);
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
                () -> Instant.EPOCH,
                new SimpleMeterRegistry().timer("sync")));
  }

  private ShardPlace place() {
    return new ShardPlace(
        0,
        dir.resolve("shard-00"),
        dir.resolve("output"),
        6,
        1 << 20,
        1000,
        64,
        disk,
        Runnable::run,
        ledger);
  }

  private void start() throws IOException {
    turn(new Message.Start(taken::add));
    end.start();
  }

  private OfferCounts offer(String... hrefs) throws IOException {
    List<Offer> offers = List.of(hrefs).stream().map(TestConfig::url).map(Offer::seed).toList();
    CompletableFuture<OfferCounts> counts = new CompletableFuture<>();
    end.add(1);
    turn(new Message.Offered(offers, counts));
    now += 1000 * MILLI;
    turn();
    return counts.join();
  }

  private void visited(Lease lease, Visit visit) throws IOException {
    turn(new Message.Visited(lease.id().sequence(), visit));
  }

  private void settle(Lease lease, Settlement settlement) throws IOException {
    settle(lease.id(), settlement);
  }

  private void settle(LeaseId lease, Settlement settlement) throws IOException {
    CompletableFuture<Void> synced = new CompletableFuture<>();
    turn(new Message.Settle(lease.sequence(), settlement, List.of(), synced));
    assertThat(synced).isDone();
  }

  private static Message settlement(
      Lease lease, Settlement settlement, CompletableFuture<Void> synced) {
    return new Message.Settle(lease.id().sequence(), settlement, List.of(), synced);
  }

  private void turn(Message... messages) throws IOException {
    shard.turn(List.of(messages));
  }

  /** Does not sync, but fails or takes its time as told. */
  private final class FaultyDisk implements Disk {
    private boolean failing;
    private long costNanos;

    @Override
    public void sync(FileChannel channel) throws IOException {
      now += costNanos;
      if (failing) {
        throw new IOException("injected");
      }
    }

    @Override
    public void syncDirectory(Path directory) {}
  }
}
