package io.sluice.frontier.shard;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.core.lease.Ending;
import io.sluice.core.lease.Lease;
import io.sluice.core.lease.Offer;
import io.sluice.core.lease.Reason;
import io.sluice.core.lease.Settlement;
import io.sluice.core.lease.UrlEnd;
import io.sluice.frontier.TestConfig;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Redirects that lead back into their own chain, as the frontier sees them. */
class HopBackTest extends ShardFixture {

  private static final String FIRST = "http://a.test/1";
  private static final String SECOND = "http://a.test/2";

  private void redirected(Lease lease, String target, boolean back) throws IOException {
    UrlEnd end =
        new UrlEnd(
            Ending.REDIRECTED,
            Reason.REDIRECT,
            302,
            null,
            Instant.EPOCH,
            1,
            2,
            new UrlEnd.Target(target, null));
    List<String> chain = new ArrayList<>(lease.redirects());
    chain.add(lease.url().href());
    Offer offer =
        new Offer(TestConfig.url(target), lease.depth(), lease.url().href(), chain, lease.labels());
    turn(
        new Message.Settle(
            lease.id().sequence(),
            new Settlement.Done(end, List.of()),
            List.of(back ? offer.onceMore() : offer),
            new CompletableFuture<>()));
  }

  @Test
  void aUrlThatRedirectsToItselfIsTheNextOfItsHostAndOneRedirectLonger() throws IOException {
    create();
    offer(FIRST, SECOND);
    start();
    settle(taken.getLast(), new Settlement.HopBack());
    settle(taken.getLast(), new Settlement.HopBack());
    Lease third = taken.getLast();
    assertThat(third.url().href()).isEqualTo(FIRST);
    assertThat(third.redirects()).containsExactly(FIRST, FIRST);
    assertThat(third.via()).isNull();
    assertThat(third.attempt()).as("no attempt failed").isEqualTo(1);
    settle(third, new Settlement.Done(PAGE, List.of()));
    assertThat(taken.getLast().url().href()).isEqualTo(SECOND);
    assertThat(shard.snapshot().done()).containsExactly(Map.entry(Ending.PAGE, 1L));
    assertThat(shard.snapshot().leases().retried()).isEqualTo(2);
  }

  @Test
  void itWaitsForItsHostsDelay() throws IOException {
    config.delay = Duration.ofSeconds(5);
    create();
    offer(FIRST);
    start();
    settle(taken.getLast(), new Settlement.HopBack());
    pass(4_999);
    assertThat(taken).hasSize(1);
    pass(1);
    assertThat(taken).hasSize(2);
  }

  @Test
  void howLongTheChainIsSurvivesACrash() throws IOException {
    config.delay = Duration.ofSeconds(5);
    create();
    offer(FIRST);
    start();
    settle(taken.getLast(), new Settlement.HopBack());
    shard.close(); // no checkpoint is written, so that the journal is read
    open();
    start();
    pass(5_000);
    assertThat(taken).hasSize(1);
    assertThat(taken.getFirst().redirects()).containsExactly(FIRST);
    settle(taken.getFirst(), new Settlement.HopBack());
    reopen();
    start();
    pass(5_000);
    assertThat(taken.getFirst().redirects()).as("with a checkpoint").containsExactly(FIRST, FIRST);
  }

  @Test
  void aUrlToWhichItsTargetLeadsBackIsQueuedOnceMore() throws IOException {
    create();
    offer(FIRST);
    start();
    for (int round = 0; round < 2; round++) {
      redirected(taken.getLast(), SECOND, round > 0);
      redirected(taken.getLast(), FIRST, true);
    }
    Lease last = taken.getLast();
    assertThat(last.url().href()).isEqualTo(FIRST);
    assertThat(last.redirects()).containsExactly(FIRST, SECOND, FIRST, SECOND);
    assertThat(last.depth()).isZero();
    settle(last, new Settlement.Done(PAGE, List.of()));
    assertThat(taken).hasSize(5);
    assertThat(shard.snapshot().done()).containsEntry(Ending.PAGE, 1L);
    assertThat(shard.snapshot().queued()).isZero();
    assertThat(end.finished().toCompletableFuture()).isDone();
  }
}
