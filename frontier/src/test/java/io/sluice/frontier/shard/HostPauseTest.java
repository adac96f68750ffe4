package io.sluice.frontier.shard;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.core.lease.Finding;
import io.sluice.core.lease.HostDesk;
import io.sluice.core.lease.Lease;
import io.sluice.core.lease.LeaseId;
import io.sluice.core.lease.Reason;
import io.sluice.core.lease.Settlement;
import io.sluice.core.lease.Visit;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** How long a shard leaves a host alone after a visit, including across restarts. */
class HostPauseTest extends ShardFixture {

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
  void aVisitWithoutARequestStartsNoDelay() throws IOException {
    config.delay = Duration.ofMillis(100);
    create();
    offer("http://a.test/1", "http://a.test/2");
    start();
    visited(taken.getFirst(), Visit.UNREQUESTED);
    assertThat(taken).hasSize(2);
  }

  @Test
  void aRetryAfterIsKeptAcrossARestart() throws IOException {
    create();
    offer("http://a.test/1", "http://a.test/2");
    start();
    visited(taken.getFirst(), new Visit(null, Duration.ofSeconds(60), true));
    wall = wall.plusSeconds(20);
    reopen();
    start();
    pass(39_999);
    assertThat(taken).as("20 of 60 seconds passed before the restart").isEmpty();
    pass(1);
    assertThat(taken).hasSize(1);
  }

  @Test
  void aBackOffIsKeptAcrossACrash() throws IOException {
    config.delay = Duration.ofSeconds(1);
    config.maxBackOff = Duration.ofSeconds(60);
    create();
    offer("http://a.test/1", "http://a.test/2");
    start();
    visited(taken.getFirst(), Visit.troubled(Finding.ERROR_ANSWER, Reason.SERVER_ERROR, true));
    shard.close();
    open();
    start();
    pass(1999);
    assertThat(taken).as("twice the delay after one troubled visit").isEmpty();
    pass(1);
    assertThat(taken).hasSize(1);
  }

  @Test
  void hostsThatBackOffAreCountedUntilTheirPauseIsOver() throws IOException {
    create();
    offer("http://a.test/1", "http://b.test/1", "http://a.test/2");
    start();
    visited(taken.getFirst(), new Visit(null, Duration.ofSeconds(5), true));
    visited(taken.getLast(), new Visit(null, null, true));
    pass(1000);
    assertThat(shard.snapshot().backingOff()).isOne();
    wall = wall.plusSeconds(6);
    pass(5000);
    assertThat(shard.snapshot().backingOff()).isZero();
  }

  @Test
  void theLeaseThatStandsLongestIsToldByItsAge() throws IOException {
    create();
    offer("http://a.test/1");
    start();
    pass(7000);
    assertThat(shard.snapshot().oldestLease()).isEqualTo(Duration.ofSeconds(7));
    visited(taken.getFirst(), Visit.UNREQUESTED);
    pass(1000);
    assertThat(shard.snapshot().oldestLease()).isLessThan(Duration.ofSeconds(2));
  }

  @Test
  void aClockThatJumpedHoldsNoHostForLongerThanItWasToBe() throws IOException {
    create();
    offer("http://a.test/1", "http://a.test/2");
    start();
    visited(taken.getFirst(), new Visit(null, Duration.ofSeconds(5), true));
    wall = wall.minus(Duration.ofDays(365));
    reopen();
    start();
    pass(5000);
    assertThat(taken).hasSize(1);
  }

  @Test
  void aRetryAfterOfAGuestsHostIsKeptAcrossARestartThoughTheHostHasNoUrls() throws IOException {
    create();
    LeaseId guest = new LeaseId(3, 7);
    assertThat(ask(guest)).isEqualTo(new HostDesk.Answer.Granted());
    turn(new Message.HostAsked(guest, new Visit(null, Duration.ofSeconds(60), true)));
    assertThat(ask(guest)).isEqualTo(new HostDesk.Answer.Later(Duration.ofSeconds(60)));
    reopen();
    assertThat(ask(guest)).isEqualTo(new HostDesk.Answer.Later(Duration.ofSeconds(60)));
    pass(60_000);
    assertThat(ask(guest)).isEqualTo(new HostDesk.Answer.Granted());
  }

  private HostDesk.Answer ask(LeaseId guest) throws IOException {
    CompletableFuture<HostDesk.Answer> answer = new CompletableFuture<>();
    turn(new Message.AskHost(guest, "hub.test", answer));
    return answer.join();
  }

  @Test
  void aVisitThatNeedsAnotherHostWaitsForThatOnesTime() throws IOException {
    create();
    offer("http://a.test/1");
    start();
    Lease lease = taken.getFirst();
    visited(
        lease,
        new Visit(null, null, false, Duration.ZERO, Finding.NOTHING, null, Duration.ofSeconds(9)));
    settle(lease, new Settlement.GiveBack());
    pass(8999);
    assertThat(taken).hasSize(1);
    pass(1);
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
}
