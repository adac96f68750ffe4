package io.sluice.fetcher.handover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lettuce.core.KillArgs;
import io.sluice.core.lease.Labels;
import io.sluice.core.lease.Offer;
import io.sluice.core.lease.Priority;
import io.sluice.core.lease.Settlement;
import io.sluice.core.lease.UrlEnd;
import io.sluice.core.lifecycle.Deadline;
import io.sluice.core.lifecycle.Stage;
import io.sluice.core.stream.Batch;
import io.sluice.core.stream.SlotRecord;
import io.sluice.fetcher.handover.PagePublisher.Handed;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/**
 * Pages are handed to parsers, and their outcomes end leases, whatever happens to Redis meanwhile.
 */
class HandoverTest extends HandoverFixture {

  @Test
  void aPageGoesOutAndItsOutcomeEndsTheLeaseWithOffers() throws Exception {
    Handover handover = handover();
    assertThat(publish(handover, 1, 1)).hasOnlyElementsOfType(Handed.Accepted.class);
    parseAll();

    await().until(() -> desk.settlements.containsKey(lease(1)));
    Settlement.Done done =
        (Settlement.Done) Objects.requireNonNull(desk.settlements.get(lease(1))).getFirst();
    assertThat(done.end().reason()).isEqualTo("ok");
    assertThat(done.offers()).hasSize(1);
    assertThat(done.offers().getFirst().url().href()).isEqualTo("http://example.test/1/a");
    assertThat(done.offers().getFirst().depth()).isEqualTo(5);
    assertThat(done.offers().getFirst().labels()).isEqualTo(new Labels(Priority.NORMAL, "news"));
    assertThat(done.offers().getFirst().via()).isEqualTo("http://example.test/1");
    await().until(() -> redis.commands().xlen(KEYS.outcomes()) == 0);
    assertThat(registry.get("sluice.pages.published").counter().count()).isEqualTo(1);
    assertThat(registry.get("sluice.outstanding.pages").gauge().value()).isZero();
    assertThat(registry.get("sluice.outstanding.bytes").gauge().value()).isZero();
  }

  @Test
  void theTargetOfARefreshIsOfferedAtThePagesDepthBeforeItsLinks() throws Exception {
    Handover handover = handover();
    target = "http://example.test/1/a";
    publish(handover, 1, 1);
    parseAll();

    await().until(() -> desk.settlements.containsKey(lease(1)));
    Settlement.Done done =
        (Settlement.Done) Objects.requireNonNull(desk.settlements.get(lease(1))).getFirst();
    assertThat(done.end().target()).isEqualTo(new UrlEnd.Target("http://example.test/1/a", null));
    assertThat(done.offers()).extracting(Offer::depth).containsExactly(4, 5);
    assertThat(done.offers().getFirst().url().href()).isEqualTo("http://example.test/1/a");
    assertThat(done.offers().getFirst().redirects()).containsExactly("http://example.test/1");
    assertThat(done.offers().getFirst().via()).isEqualTo("http://example.test/1");
    assertThat(done.offers().getFirst().labels()).isEqualTo(LABELS);
  }

  @Test
  void anOutcomeIsDeletedOnlyOnceItIsJournaled() throws Exception {
    Handover handover = handover();
    desk.journaling = new CompletableFuture<>();
    publish(handover, 1, 3);
    parseAll();
    await().until(() -> desk.settlements.size() == 3);
    assertThat(redis.commands().xlen(KEYS.outcomes())).isEqualTo(3);
    desk.journaling.complete(null);
    await().until(() -> redis.commands().xlen(KEYS.outcomes()) == 0);
  }

  @Test
  void aDefectAtOneOutcomeKeepsNoOtherWaitingAndItIsReadAgain() throws Exception {
    Handover handover = handover();
    desk.defective.add(lease(1));
    publish(handover, 1, 3);
    parseAll();

    await().until(() -> desk.settlements.size() == 3);
    assertThat(desk.settlements.values()).allMatch(list -> list.size() == 1);
    await().until(() -> redis.commands().xlen(KEYS.outcomes()) == 0);
    assertThat(registry.get("sluice.outcomes.settle.failures").counter().count()).isEqualTo(1);
  }

  @Test
  void thousandsOfPagesAreSettledOnceEach() throws Exception {
    Handover handover = handover();
    List<CompletableFuture<Handed>> handed = new ArrayList<>();
    for (int number = 1; number <= 3_000; number++) {
      handed.add(handover.publish(page(number)).toCompletableFuture());
    }
    while (committed < 3_000) {
      parseOnce();
    }
    await().atMost(Duration.ofSeconds(20)).until(() -> desk.settlements.size() == 3_000);
    await().until(() -> redis.commands().xlen(KEYS.outcomes()) == 0);
    assertThat(desk.settlements.values()).allMatch(list -> list.size() == 1);
    assertThat(handed).allMatch(CompletableFuture::isDone);
  }

  @Test
  void aFetcherThatIsSupersededSaysSoAndPublishesNothingMore() throws Exception {
    Handover handover = handover();
    publish(handover, 1, 1);
    redis.commands().hset(KEYS.owner(), "incarnation", "9");
    assertThat(handover.superseded().toCompletableFuture().get(10, TimeUnit.SECONDS))
        .contains("a later fetcher", "incarnation 9");
    assertThat(publish(handover, 2, 2)).hasOnlyElementsOfType(Handed.NotSent.class);
    handover.close();
    assertThat(redis.commands().hget(KEYS.owner(), "state")).isEqualTo("running");
  }

  @Test
  void parsersAreToldHowFarTheFetcherIs() throws Exception {
    Handover handover = handover();
    assertThat(redis.commands().hget(KEYS.owner(), "state")).isEqualTo("running");
    handover.stopIntake();
    await().until(() -> redis.commands().hget(KEYS.owner(), "state").equals("stopping"));
    handover.drain(Deadline.in(Duration.ofSeconds(5)));
    handover.close();
    assertThat(redis.commands().hget(KEYS.owner(), "state")).isEqualTo("stopped");
  }

  @Test
  void aStrangersEntryCostsNoPageAndNoLease() throws Exception {
    Handover handover = handover();
    publish(handover, 1, 3);
    redis.commands().xadd(KEYS.pages(), Map.of("k", "stranger"));
    assertThat(publish(handover, 4, 6)).hasOnlyElementsOfType(Handed.Accepted.class);
    parseAll();
    await().until(() -> desk.settlements.size() == 6);
    assertThat(desk.settlements.values())
        .allMatch(list -> list.size() == 1 && list.getFirst() instanceof Settlement.Done);
  }

  @Test
  void outcomesThatAnotherProgramDeletesAreMissedAndParsersForgetWhatTheyKnow() throws Exception {
    Handover handover = handover();
    desk.journaling = new CompletableFuture<>(); // outcomes that were read stay in Redis
    publish(handover, 1, 10);
    Batch batch = worker.read(4, 1 << 20, BLOCK);
    String epoch = redis.commands().get(KEYS.epoch());
    worker.commit(
        batch.session(),
        new SlotRecord("w", List.of(), false),
        batch.deliveries().stream().map(this::finish).toList(),
        Duration.ofSeconds(5));
    redis.commands().del(KEYS.outcomes());
    desk.journaling.complete(null);

    await().untilAsserted(() -> assertThat(redis.commands().get(KEYS.epoch())).isNotEqualTo(epoch));
    await().until(() -> desk.settlements.size() == 4);
  }

  @Test
  void aFlushedRedisGivesBackWhatWasThereAndGoesOnInANewEpoch() throws Exception {
    Handover handover = handover();
    publish(handover, 1, 50);
    String epoch = redis.commands().get(KEYS.epoch());
    redis.commands().flushall();

    await().until(() -> desk.settlements.size() == 50);
    assertThat(desk.settlements.values())
        .allMatch(list -> list.size() == 1 && list.getFirst() instanceof Settlement.GiveBack);
    assertThat(redis.commands().get(KEYS.epoch())).isNotNull().isNotEqualTo(epoch);
    publish(handover, 51, 60);
    assertThat(parseAll()).isEqualTo(10);
    await().until(() -> desk.settlements.size() == 60);
  }

  @Test
  void aKilledRedisCostsNothingThatItKept() throws Exception {
    Handover handover = handover();
    publish(handover, 1, 30);
    redis.kill();
    CompletableFuture<Handed> waiting = handover.publish(page(31)).toCompletableFuture();
    redis.restart();
    assertThat(waiting.get(10, TimeUnit.SECONDS)).isInstanceOf(Handed.Accepted.class);
    while (committed < 31) {
      parseOnce();
    }
    await().atMost(Duration.ofSeconds(10)).until(() -> desk.settlements.size() == 31);
    assertThat(desk.settlements.values())
        .allMatch(list -> list.size() == 1 && list.getFirst() instanceof Settlement.Done);
  }

  @Test
  void killedConnectionsNeitherLoseNorDoubleAnything() throws Exception {
    Handover handover = handover();
    List<CompletableFuture<Handed>> handed = new ArrayList<>();
    for (int number = 1; number <= 2_000; number++) {
      handed.add(handover.publish(page(number)).toCompletableFuture());
      if (number % 250 == 0) {
        redis.commands().clientKill(KillArgs.Builder.skipme());
        parseOnce();
      }
    }
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (committed < 2_000 && System.nanoTime() < deadline) {
      parseOnce();
    }
    await().atMost(Duration.ofSeconds(20)).until(() -> desk.settlements.size() == 2_000);
    await().until(() -> redis.commands().xlen(KEYS.outcomes()) == 0);
    assertThat(handed).allMatch(h -> h.isDone() && !(h.join() instanceof Handed.NotSent));
    assertThat(committed).isEqualTo(2_000);
    assertThat(desk.settlements.values())
        .allMatch(list -> list.stream().allMatch(s -> s instanceof Settlement.Done));
  }

  @Test
  void revokedLeasesAreIssuedAgainOnlyWhereNoOutcomeWaits() throws Exception {
    Handover handover = handover();
    desk.journaling = new CompletableFuture<>();
    publish(handover, 1, 2);
    Batch batch = worker.read(1, 1 << 20, BLOCK);
    worker.commit(
        batch.session(),
        new SlotRecord("w", List.of(), false),
        batch.deliveries().stream().map(this::finish).toList(),
        Duration.ofSeconds(5));

    assertThat(handover.revoke(List.of(lease(1), lease(2), lease(7)))).containsExactly(lease(2));
    desk.journaling.complete(null);
    assertThat(parseAll()).as("the revoked page cannot be read").isZero();
  }

  @Test
  void aDrainWaitsForPagesOnTheirWayAndForTheirJournal() throws Exception {
    Handover handover = handover();
    publish(handover, 1, 1);
    redis.pause();
    CompletableFuture<Handed> onItsWay = handover.publish(page(2)).toCompletableFuture();
    CompletableFuture<Stage.Drained> ending = new CompletableFuture<>();
    Thread draining =
        Thread.ofPlatform()
            .start(() -> ending.complete(handover.drain(Deadline.in(Duration.ofSeconds(5)))));
    await().until(() -> draining.getState() == Thread.State.TIMED_WAITING);
    redis.resume();
    Stage.Drained drained = ending.get(10, TimeUnit.SECONDS);
    assertThat(onItsWay).isCompletedWithValueMatching(h -> h instanceof Handed.Accepted);
    assertThat(drained.forced()).isZero();
    assertThat(drained.completed()).isEqualTo(1);
  }

  @Test
  void aDrainEndsAtItsDeadlineAndSaysWhatIsLeft() throws Exception {
    Handover handover = handover();
    publish(handover, 1, 1);
    redis.pause();
    CompletableFuture<Handed> onItsWay = handover.publish(page(2)).toCompletableFuture();
    long start = System.nanoTime();
    var drained = handover.drain(Deadline.in(Duration.ofMillis(200)));
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
    assertThat(drained.forced()).isEqualTo(1);
    handover.close();
    assertThat(onItsWay.get(2, TimeUnit.SECONDS)).isInstanceOf(Handed.InDoubt.class);
    redis.resume();
  }
}
