package io.sluice.frontier.shard;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.core.config.RecrawlSettings;
import io.sluice.core.lease.Ending;
import io.sluice.core.lease.Finding;
import io.sluice.core.lease.Labels;
import io.sluice.core.lease.Offer;
import io.sluice.core.lease.Priority;
import io.sluice.core.lease.Reason;
import io.sluice.core.lease.Settlement;
import io.sluice.core.lease.Validators;
import io.sluice.frontier.EndReason;
import io.sluice.frontier.TestConfig;
import io.sluice.frontier.hold.HostState.GivenUp;
import io.sluice.frontier.hold.HostState.Kind;
import io.sluice.frontier.queue.HostQueue;
import io.sluice.frontier.state.Event.HostGivenUp;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Pages that are visited again, by a clock that the test sets. */
class RecrawlTest extends RecrawlFixture {

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
  void aRevisitGetsAHostThatWasGivenUpItsProbe() throws IOException {
    create("http://a.test/1");
    done(taken.getFirst(), version(1));
    offer(Offer.seed(TestConfig.url("http://b.test/2"))); // keeps the crawl from ending
    HostQueue host = store.state().hosts().iterator().next();
    GivenUp givenUp = new GivenUp(true, Finding.NO_CONNECTION, "connect-timeout", 1, false);
    store.commit(new HostGivenUp(host.id(), givenUp, 0, wall));
    pass(Duration.ofSeconds(64));
    assertThat(taken).as("its URLs rest").hasSize(2);
    for (Duration waited = Duration.ZERO;
        waited.compareTo(config.patience.proven()) < 0;
        waited = waited.plusSeconds(5)) {
      pass(Duration.ofSeconds(5));
    }
    assertThat(taken.getLast().url().href()).isEqualTo("http://a.test/1");
    assertThat(taken.getLast().terms().probe()).as("a patience later").isTrue();
  }

  @Test
  void aFirstRunWhoseClockWasAheadDoesNotPutOffItsRevisits() throws IOException {
    Instant right = wall;
    wall = right.plus(Duration.ofDays(3650));
    create("http://a.test/1");
    done(taken.getFirst(), version(1));
    offer(Offer.seed(TestConfig.url("http://b.test/gone")));
    settle(taken.getLast(), new Settlement.Done(ended(Ending.PAGE, 404), List.of()));

    wall = right;
    reopen();
    Map<Long, List<String>> calendar = calendar();
    assertThat(taken).isEmpty();
    reopen();
    assertThat(calendar()).as("brought back once").isEqualTo(calendar);
    pass(Duration.ofSeconds(64));
    assertThat(taken).extracting(lease -> lease.url().path()).containsExactly("/1");
    pass(Duration.ofMinutes(4));
    assertThat(taken).extracting(lease -> lease.url().path()).containsExactly("/1", "/gone");
  }

  @Test
  void revisitsThatWereBroughtBackToTheSameTimeStayThereAtFurtherStarts() throws IOException {
    Instant right = wall;
    wall = right.plus(Duration.ofDays(3650));
    create("http://a.test/1");
    done(taken.getFirst(), version(1));
    pass(Duration.ofSeconds(10)); // so that the next page is due at another time
    offer(Offer.seed(TestConfig.url("http://b.test/2")));
    done(taken.getLast(), version(1));

    wall = right;
    reopen();
    Map<Long, List<String>> calendar = calendar();
    assertThat(calendar).hasSize(2);
    reopen();
    assertThat(calendar()).isEqualTo(calendar);
  }

  @Test
  void revisitsThatARightClockPlannedStayWhereTheyAre() throws IOException {
    create("http://a.test/1");
    done(taken.getFirst(), version(1));
    Map<Long, List<String>> calendar = calendar();
    reopen();
    assertThat(calendar()).isEqualTo(calendar);
  }

  @Test
  void aRevisitAsksForWhatTheLastVisitWasSent() throws IOException {
    create("http://a.test/1");
    assertThat(taken.getFirst().validators()).isEqualTo(Validators.NONE);
    done(taken.getFirst(), version(1));
    pass(Duration.ofSeconds(64));
    assertThat(taken.getLast().validators()).isEqualTo(version(1).validators());
    assertThat(taken.getLast().attempt()).isEqualTo(1);

    settle(taken.getLast(), new Settlement.Retry(Duration.ofSeconds(1), Reason.CONNECTION_RESET));
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
    assertThat(store.state().tally().count(Kind.PROVEN)).isEqualTo(1);
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
}
