package io.sluice.fetcher.handover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.lettuce.core.KillArgs;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.sluice.core.lease.Ending;
import io.sluice.core.lease.Labels;
import io.sluice.core.lease.LeaseId;
import io.sluice.core.lease.Priority;
import io.sluice.core.lease.Settlement;
import io.sluice.core.lease.UrlEnd;
import io.sluice.core.lifecycle.Deadline;
import io.sluice.core.lifecycle.Stage;
import io.sluice.core.message.Body;
import io.sluice.core.message.Header;
import io.sluice.core.message.Outcome;
import io.sluice.core.message.Page;
import io.sluice.core.redis.Batch;
import io.sluice.core.redis.CommitResult;
import io.sluice.core.redis.ConsumerSettings;
import io.sluice.core.redis.Delivery;
import io.sluice.core.redis.Finished;
import io.sluice.core.redis.Isolation;
import io.sluice.core.redis.PageConsumer;
import io.sluice.core.redis.PartitionKeys;
import io.sluice.core.redis.RedisLostException;
import io.sluice.core.redis.RedisPool;
import io.sluice.core.redis.RedisUnavailableException;
import io.sluice.core.redis.SlotRecord;
import io.sluice.core.resource.ResourceKind;
import io.sluice.core.testing.RedisExtension;
import io.sluice.core.testing.TestRedis;
import io.sluice.fetcher.handover.PageSink.Handed;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(RedisExtension.class)
class HandoverTest {

  private static final PartitionKeys KEYS = new PartitionKeys(0);
  private static final Labels LABELS = new Labels(Priority.HIGH, "news");
  private static final Duration BLOCK = Duration.ofMillis(50);

  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final RecordingDesk desk = new RecordingDesk();
  private final List<Handover> handovers = new ArrayList<>();
  private TestRedis redis;
  private RedisPool pool;
  private RedisPool workerPool;
  private PageConsumer worker;
  private long committed;

  @BeforeEach
  void open(TestRedis server) {
    redis = server;
    pool = redis.pool();
    workerPool = redis.pool();
    worker = worker();
  }

  @AfterEach
  void close() {
    worker.close();
    handovers.forEach(Handover::close);
    workerPool.close();
    pool.close();
    assertThat(redis.ledger().open())
        .as("left open")
        .doesNotContainKeys(ResourceKind.REDIS, ResourceKind.THREAD);
  }

  private PageConsumer worker() {
    return PageConsumer.open(
        workerPool,
        KEYS,
        "w",
        ConsumerSettings.claimingAfter(Duration.ofMinutes(1)),
        new Isolation(1),
        registry);
  }

  private Handover handover(LeaseId... outAtStart) throws Exception {
    return handover(pool, outAtStart);
  }

  private Handover handover(RedisPool on, LeaseId... outAtStart) throws Exception {
    Handover handover =
        Handover.open(on, KEYS, desk, redis.ledger(), registry, InstantSource.system());
    handovers.add(handover);
    desk.outAtStart = Set.of(outAtStart);
    handover.recover(desk, new CompletableFuture<>());
    return handover;
  }

  private static LeaseId lease(int number) {
    return new LeaseId(0, number);
  }

  private static Page page(int number) {
    return new Page(
        lease(number),
        "http://example.test/" + number,
        null,
        List.of(),
        4,
        LABELS,
        1,
        "HTTP/1.1",
        200,
        "OK",
        "GET / HTTP/1.1\r\n\r\n",
        List.of(new Header("Content-Type", "text/html")),
        "127.0.0.1",
        Instant.ofEpochMilli(1_750_000_000_000L),
        12,
        false,
        Body.of(new byte[100]));
  }

  private static List<Handed> publish(Handover handover, int from, int to) throws Exception {
    List<CompletableFuture<Handed>> handed = new ArrayList<>();
    for (int number = from; number <= to; number++) {
      handed.add(handover.publish(page(number)).toCompletableFuture());
    }
    List<Handed> results = new ArrayList<>();
    for (CompletableFuture<Handed> one : handed) {
      results.add(one.get(20, TimeUnit.SECONDS));
    }
    return results;
  }

  /** Parses pages as a worker would, until nothing comes any more. */
  private int parseAll() {
    int parsed = 0;
    int quiet = 0;
    while (quiet < 3) {
      int now = parseOnce();
      parsed += now;
      quiet = now == 0 ? quiet + 1 : 0;
    }
    return parsed;
  }

  private int parseOnce() {
    try {
      Batch batch = worker.read(64, 1 << 20, BLOCK);
      if (batch.deliveries().isEmpty()) {
        return 0;
      }
      List<Finished> finished = batch.deliveries().stream().map(HandoverTest::finish).toList();
      SlotRecord record = new SlotRecord("w", List.of(), false);
      CommitResult result = worker.commit(batch.session(), record, finished, Duration.ofSeconds(5));
      if (result instanceof CommitResult.Committed) {
        committed += finished.size();
        return finished.size();
      }
      return 0;
    } catch (RedisLostException e) {
      return 0;
    }
  }

  private static Finished finish(Delivery delivery) {
    Page page = delivery.page();
    UrlEnd end =
        new UrlEnd(Ending.PAGE, "ok", 200, page.ip(), page.fetchedAt(), page.fetchMillis(), 100);
    return new Finished(
        delivery.entryId(),
        new Outcome(
            page.lease(),
            page.url(),
            page.depth(),
            page.labels(),
            end,
            List.of(page.url() + "/a")));
  }

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
  void aRestartKeepsWhatIsInRedisAppliesOutcomesAndGivesTheRestBack() throws Exception {
    Handover former = handover();
    publish(former, 1, 4);
    Batch batch = worker.read(2, 1 << 20, BLOCK);
    former.close();
    worker.commit(
        batch.session(),
        new SlotRecord("w", List.of(), false),
        batch.deliveries().stream().map(HandoverTest::finish).toList(),
        Duration.ofSeconds(5));

    handover(lease(1), lease(2), lease(3), lease(4), lease(99));

    assertThat(desk.givenBack).containsExactly(lease(99));
    assertThat(desk.kept).containsExactlyInAnyOrder(lease(1), lease(2), lease(3), lease(4));
    assertThat(desk.settlements).containsOnlyKeys(lease(1), lease(2));
    assertThat(redis.commands().xlen(KEYS.outcomes())).isZero();
    parseAll();
    await().until(() -> desk.settlements.size() == 4);
  }

  @Test
  void anEmptyRedisGivesEverythingBack() throws Exception {
    handover(lease(1), lease(2));
    assertThat(desk.givenBack).containsExactlyInAnyOrder(lease(1), lease(2));
    assertThat(redis.commands().get(KEYS.epoch())).isNotNull();
  }

  @Test
  void aSecondFetcherIsRefused() throws Exception {
    Handover first = handover();
    publish(first, 1, 1);
    Handover second =
        Handover.open(pool, KEYS, desk, redis.ledger(), registry, InstantSource.system());
    handovers.add(second);
    CompletableFuture<Void> noStop = new CompletableFuture<>();
    assertThatThrownBy(() -> second.recover(desk, Duration.ofMillis(200), noStop))
        .isInstanceOf(RedisUnavailableException.class)
        .hasMessageContaining("another fetcher is connected");
  }

  @Test
  void aStopCutsTheRecoveryShort() throws Exception {
    desk.outAtStart = Set.of(lease(9));
    desk.givingBack = new CompletableFuture<>(); // the journal hangs
    Handover next =
        Handover.open(pool, KEYS, desk, redis.ledger(), registry, InstantSource.system());
    handovers.add(next);
    CompletableFuture<Void> stop = new CompletableFuture<>();
    stop.completeOnTimeout(null, 200, TimeUnit.MILLISECONDS);
    long start = System.nanoTime();
    assertThatThrownBy(() -> next.recover(desk, stop))
        .isInstanceOf(RedisUnavailableException.class);
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
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
        batch.deliveries().stream().map(HandoverTest::finish).toList(),
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
