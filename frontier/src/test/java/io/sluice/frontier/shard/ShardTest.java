package io.sluice.frontier.shard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
import io.sluice.frontier.EndReason;
import io.sluice.frontier.OfferCounts;
import io.sluice.frontier.TestConfig;
import io.sluice.frontier.hold.HostState.GivenUp;
import io.sluice.frontier.hold.HostState.Kind;
import io.sluice.frontier.journal.DamagedFileException;
import io.sluice.frontier.queue.HostQueue;
import io.sluice.frontier.scope.Refusal;
import io.sluice.frontier.state.Journals;
import io.sluice.frontier.state.ShardStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class ShardTest extends ShardFixture {

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
  void aHostWhoseTimeComesBetweenTwoTurnsHasItsTurnAtOnce() throws IOException {
    config.delay = Duration.ofMillis(100);
    create();
    offer("http://a.test/1", "http://a.test/2");
    start();
    visited(taken.getFirst(), new Visit(null, null, true));
    now += 101 * MILLI; // between the end of that turn and the next line
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
    assertThat(shard.untilNextTurn()).isGreaterThan(Duration.ofSeconds(4).toNanos());
  }

  @Test
  void aProvenHostGoesBeforeHostsThatWereNeverAsked() throws IOException {
    config.connections = 4;
    create();
    offer("http://proven.test/1", "http://proven.test/2", "http://proven.test/3");
    start();
    Lease first = taken.getFirst();
    assertThat(first.terms().kind()).isEqualTo(VisitKind.FIRST);
    assertThat(first.terms().firstByte()).isEqualTo(config.firstVisit);
    for (int i = 0; i < 10; i++) {
      offer("http://silent" + i + ".test/");
    }
    assertThat(taken).hasSize(4);
    settle(first, new Settlement.Done(PAGE, List.of()), Finding.GOOD);
    Lease second = taken.getLast();
    assertThat(second.url().href()).isEqualTo("http://proven.test/2");
    assertThat(second.terms().kind()).isEqualTo(VisitKind.PROVEN);
    assertThat(second.terms().firstByte()).isNull();
    assertThat(taken).as("the silent hosts still have the other places").hasSize(5);
  }

  @Test
  void aFirstVisitHasLessTimeWhileManyHostsWaitForTheirs() throws IOException {
    config.connections = 4;
    create();
    for (int i = 0; i < 40; i++) {
      offer("http://untried" + i + ".test/");
    }
    start();
    assertThat(taken).hasSize(4);
    assertThat(taken)
        .allSatisfy(
            lease ->
                assertThat(lease.terms().firstByte()).isEqualTo(config.firstVisit.dividedBy(5)));
  }

  @Test
  void aFirstVisitThatWasCutShortComesAgainUnchargedWithTwiceTheUsualTime() throws IOException {
    create();
    offer("http://slow.test/");
    start();
    cutShort(taken.removeLast(), Finding.CUT_SHORT);
    pass(10_000);
    Lease again = taken.removeLast();
    assertThat(again.attempt()).isEqualTo(1);
    assertThat(again.terms().kind()).isEqualTo(VisitKind.TROUBLED);
    assertThat(again.terms().firstByte()).isEqualTo(config.firstVisit.multipliedBy(2));
  }

  @Test
  void aHostWhoseFirstVisitWasCutShortAndThatNeverAnswersIsGivenUpForItsReason()
      throws IOException {
    create();
    offer("http://silent.test/1", "http://silent.test/2");
    start();
    cutShort(taken.removeLast(), Finding.CUT_SHORT);
    long since = now;
    HostQueue host = Objects.requireNonNull(store.state().host("silent.test"));
    while (host.state().kind() != Kind.GIVEN_UP) {
      assertThat(now - since).isLessThan(config.patience.first().plusMinutes(1).toNanos());
      pass(1_000);
      if (!taken.isEmpty()) {
        cutShort(taken.removeLast(), Finding.NO_ANSWER);
      }
    }
    assertThat(now - since).isGreaterThanOrEqualTo(config.patience.first().toNanos());
    assertThat(((GivenUp) host.state()).reason()).isEqualTo("first-byte-timeout");
    assertThat(host.size()).as("both rest, neither was charged").isEqualTo(2);
  }

  private void cutShort(Lease lease, Finding finding) throws IOException {
    Visit visit = Visit.troubled(finding, Reason.FIRST_BYTE_TIMEOUT, true);
    CompletableFuture<Ruling> ruling = new CompletableFuture<>();
    turn(new Message.Visited(lease.id().sequence(), visit, ruling));
    assertThat(ruling).isCompletedWithValue(Ruling.SPARED);
    settle(lease, new Settlement.Postpone(Reason.FIRST_BYTE_TIMEOUT));
  }

  @Test
  void aRetryWaitsAndCountsAndAGivenBackUrlDoesNeither() throws IOException {
    create();
    offer("http://a.test/1");
    start();
    settle(taken.getLast(), new Settlement.GiveBack());
    assertThat(taken).hasSize(2);
    assertThat(taken.getLast().attempt()).isEqualTo(1);
    settle(taken.getLast(), new Settlement.Retry(Duration.ofMillis(50), Reason.CONNECTION_RESET));
    now += 50 * MILLI;
    turn();
    assertThat(taken).hasSize(2);
    now += 50 * MILLI / 16 + MILLI; // late by a sixteenth at most
    turn();
    assertThat(taken).hasSize(3);
    assertThat(taken.getLast().attempt()).isEqualTo(2);
  }

  @Test
  void aUrlOnWhichTheFetcherDiedWaitsFourTimesLongerEachTimeWhileOthersGoOn() throws IOException {
    create();
    offer("http://a.test/1", "http://b.test/2");
    start();
    settle(taken.getFirst(), new Settlement.Struck());
    assertThat(taken).as("the other host's goes on").hasSize(2);
    for (long seconds : List.of(2L, 8L, 32L)) {
      int before = taken.size();
      pass(seconds * 1000 - 1);
      assertThat(taken).as("%s s are not over", seconds).hasSize(before);
      pass(seconds * 1000 / 16 + 2); // late by a sixteenth at most
      assertThat(taken).hasSize(before + 1);
      settle(taken.getLast(), new Settlement.Struck());
    }
    assertThat(taken.getLast().attempt()).isEqualTo(4);
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
    UrlEnd failed =
        new UrlEnd(Ending.FAILED, Reason.CONNECTION_RESET, 0, null, Instant.EPOCH, 1, 0);
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
  void aHostsSpentBudgetSetsAsideWhatIsQueuedBehindItAndARaisedOneTakesItBack() throws Exception {
    config.maxPagesPerHost = 1;
    create();
    offer("http://a.test/1", "http://a.test/2", "http://a.test/3");
    start();
    visited(taken.getFirst(), new Visit(null, null, true));
    assertThat(taken).hasSize(1);
    settle(taken.getFirst(), new Settlement.Done(PAGE, List.of()));
    turn();
    turn();
    assertThat(shard.snapshot().done()).isEqualTo(Map.of(Ending.PAGE, 1L));
    assertThat(shard.snapshot().setAsideNow()).isEqualTo(Map.of("host-budget", 2L));
    assertThat(taken).hasSize(1);
    assertThat(end.finished().toCompletableFuture().get()).isEqualTo(EndReason.EXHAUSTED);
    config.maxPagesPerHost = 3;
    reopen();
    start();
    assertThat(taken).extracting(lease -> lease.url().path()).containsExactly("/2");
  }

  @Test
  void whatEditedSettingsRefuseKeepsItsPlaceAndIsJudgedWhenTheyChangeAgain() throws IOException {
    create();
    offer("http://a.test/in", "http://b.test/out");
    config.exclude = List.of(Pattern.compile("out"));
    reopen();
    start();
    assertThat(taken).extracting(lease -> lease.url().path()).containsExactly("/in");
    assertThat(shard.snapshot().done()).isEmpty();
    assertThat(shard.snapshot().setAside()).isEqualTo(1);
    reopen();
    start();
    assertThat(taken).as("leased under the settings that refused it").isEmpty();
    config.exclude = List.of();
    reopen();
    start();
    assertThat(taken).extracting(lease -> lease.url().path()).containsExactly("/out");
  }

  @Test
  void aRefusedSeedIsCountedEachTimeAndLoggedOnce() throws IOException {
    config.domains = List.of("other.test");
    create();
    assertThat(offer("http://a.test/")).isEqualTo(new OfferCounts(0, 0, 1, Refusal.OUT_OF_DOMAIN));
    reopen();
    assertThat(offer("http://a.test/")).isEqualTo(new OfferCounts(0, 0, 1, Refusal.OUT_OF_DOMAIN));
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
    disk.failing = false; // the kernel reports a failed sync only once
    assertThatThrownBy(() -> turn()).hasMessageContaining("an earlier write or sync failed");
    assertThat(synced).isNotDone();
    shard.fail(new IOException("gone"));
    assertThat(synced).isCompletedExceptionally();
  }

  @Test
  void aMissingJournalRefusesTheStart() throws IOException {
    create();
    shard.close();
    Files.delete(Journals.file(store));
    assertThatThrownBy(() -> ShardStore.recover(shardFiles()))
        .isInstanceOf(DamagedFileException.class)
        .hasMessageContaining("is missing");
  }

  @Test
  void aDamagedCheckpointRefusesTheStart() throws IOException {
    create();
    offer("http://a.test/1");
    turn(new Message.Close(new CompletableFuture<>()));
    Path checkpoint = Path.of(Journals.file(store).toString().replace("journal-", "checkpoint-"));
    byte[] whole = Files.readAllBytes(checkpoint);
    for (int at = 0; at < whole.length; at++) {
      byte[] damaged = whole.clone();
      damaged[at] ^= 1;
      Files.write(checkpoint, damaged);
      assertThatThrownBy(() -> ShardStore.recover(shardFiles()))
          .as("byte " + at)
          .isInstanceOf(DamagedFileException.class);
    }
  }
}
