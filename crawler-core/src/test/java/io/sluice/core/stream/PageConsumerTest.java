package io.sluice.core.stream;

import static io.sluice.core.testing.TestRedis.CRAWL;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.lettuce.core.KillArgs;
import io.lettuce.core.Limit;
import io.lettuce.core.Range;
import io.lettuce.core.StreamMessage;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.sluice.core.message.Decoded;
import io.sluice.core.message.Outcome;
import io.sluice.core.message.Page;
import io.sluice.core.message.PageCodec;
import io.sluice.core.message.StreamEntry;
import io.sluice.core.redis.RedisLostException;
import io.sluice.core.redis.RedisPool;
import io.sluice.core.redis.RedisUnavailableException;
import io.sluice.core.redis.Script;
import io.sluice.core.testing.RedisExtension;
import io.sluice.core.testing.TestRedis;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(RedisExtension.class)
class PageConsumerTest {

  private static final PartitionKeys KEYS = TestRedis.KEYS;
  private static final Duration SHORT = Duration.ofMillis(20);
  private static final Duration LONG = Duration.ofSeconds(5);

  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final Map<PageConsumer, RedisPool> consumers = new LinkedHashMap<>();
  private final Isolation isolation = new Isolation(8);
  private TestRedis redis;
  private RedisPool pool;

  @BeforeEach
  void open(TestRedis server) {
    redis = server;
    pool = redis.pool();
    redis.own(KEYS, CRAWL, "e1");
  }

  @AfterEach
  void close() {
    List.copyOf(consumers.keySet()).forEach(this::leave);
    pool.close();
  }

  private PageConsumer consumer(String name) {
    return consumer(name, Duration.ofMinutes(1));
  }

  private PageConsumer consumer(String name, Duration claimAfter) {
    ConsumerSettings settings = new ConsumerSettings(claimAfter, Duration.ZERO, 3);
    RedisPool own = redis.pool();
    PageConsumer consumer =
        PageConsumer.open(own, membership(), name, settings, isolation, registry);
    consumers.put(consumer, own);
    return consumer;
  }

  private static Membership membership() {
    return new Membership(KEYS, Path.of("/crawl"), () -> CRAWL, "n", "holder");
  }

  private void leave(PageConsumer consumer) {
    consumer.close();
    Objects.requireNonNull(consumers.remove(consumer)).close();
  }

  /** Ends a consumer as a killed process does: its pages stay pending. */
  private void crash(PageConsumer consumer) {
    Objects.requireNonNull(consumers.get(consumer)).close();
    leave(consumer);
  }

  private void publish(int from, int to) throws Exception {
    for (int number = from; number <= to; number++) {
      Samples.append(pool, PageCodec.encode(Samples.page(number)), number);
    }
  }

  private static SlotRecord record(long offset) {
    return new SlotRecord("a", List.of(new SinkOffset("pages", "p-1", offset)), false);
  }

  private static List<Finished> finished(Batch batch) {
    return batch.deliveries().stream().map(d -> new Finished(d.entryId(), outcomeOf(d))).toList();
  }

  private static @Nullable Outcome outcomeOf(Delivery delivery) {
    return delivery.content() instanceof Page page
        ? Samples.outcome(page, page.url() + "/next")
        : null;
  }

  private List<Outcome> outcomes() {
    List<Outcome> outcomes = new ArrayList<>();
    try (OutcomeReader reader = new OutcomeReader(pool, KEYS, ownership())) {
      reader
          .read(1_000, Duration.ZERO)
          .outcomes()
          .forEach(a -> outcomes.add(((Decoded.Whole<Outcome>) a.outcome()).message()));
    }
    return outcomes;
  }

  private Ownership ownership() {
    Ownership ownership =
        new Ownership(pool, KEYS, new Claimant(CRAWL, Path.of("/crawl"), "h", "forget it"));
    try {
      ownership.take(1, incarnation -> {});
    } catch (RedisUnavailableException | IOException e) {
      throw new IllegalStateException(e);
    }
    return ownership;
  }

  @Test
  void aCommitSendsOutcomesRecordsOffsetsAndDeletesPages() throws Exception {
    PageConsumer consumer = consumer("a");
    publish(1, 5);
    Batch batch = consumer.read(100, 1 << 20, SHORT);
    assertThat(batch.deliveries()).hasSize(5);
    assertThat(batch.deliveries().getFirst().content())
        .usingRecursiveComparison()
        .isEqualTo(Samples.page(1));

    CommitResult result = consumer.commit(batch.session(), record(77), finished(batch), LONG);

    assertThat(result).isEqualTo(new CommitResult.Committed());
    assertThat(outcomes()).hasSize(5);
    assertThat(outcomes().getFirst().links()).containsExactly("http://example.test/1/next");
    assertThat(redis.commands().xlen(KEYS.pages())).isZero();
    assertThat(redis.commands().xpending(KEYS.pages(), "parsers").getCount()).isZero();
    assertThat(consumer.recorded("a")).isEqualTo(record(77));
    assertThat(new SlotRecords(pool, membership()).all()).containsExactly(record(77));
    assertThat(consumer.recorded("b")).isNull();
  }

  @Test
  void theSameCommitAgainIsRecognised() throws Exception {
    PageConsumer consumer = consumer("a");
    publish(1, 2);
    Batch batch = consumer.read(100, 1 << 20, SHORT);
    List<Finished> finished = finished(batch);
    consumer.commit(batch.session(), record(9), finished, LONG);

    assertThat(consumer.commit(batch.session(), record(9), finished, LONG))
        .isEqualTo(new CommitResult.Committed());
    assertThat(outcomes()).hasSize(2);
  }

  /** Redis takes a timeout of zero milliseconds to mean no timeout. */
  @Test
  void aWaitOfLessThanAMillisecondIsNoWait() throws Exception {
    PageConsumer consumer = consumer("a");
    assertThat(consumer.read(10, 1 << 20, Duration.ofNanos(999_999)).deliveries()).isEmpty();
    publish(1, 1);
    assertThat(consumer.read(10, 1 << 20, Duration.ofNanos(999_999)).deliveries()).hasSize(1);
  }

  @Test
  void aBatchIsBoundedByPagesAndBytes() throws Exception {
    PageConsumer consumer = consumer("a");
    for (int i = 1; i <= 6; i++) {
      Samples.append(pool, PageCodec.encode(Samples.page(i, new byte[10_000])), i);
    }
    assertThat(consumer.read(2, 1 << 20, SHORT).deliveries()).hasSize(2);
    assertThat(consumer.read(100, 15_000, SHORT).deliveries()).hasSize(2);
    assertThat(consumer.read(100, 1 << 20, SHORT).deliveries()).hasSize(2);
    assertThat(consumer.read(100, 1 << 20, SHORT).deliveries()).isEmpty();
  }

  @Test
  void aStolenPageRefusesTheWholeBatchAndChangesNothing() throws Exception {
    PageConsumer victim = consumer("a");
    publish(1, 3);
    Batch batch = victim.read(100, 1 << 20, SHORT);
    redis
        .commands()
        .xclaim(KEYS.pages(), io.lettuce.core.Consumer.from("parsers", "thief"), 0, "1-2");

    assertThat(victim.commit(batch.session(), record(5), finished(batch), LONG))
        .isEqualTo(new CommitResult.NotOurs());
    assertThat(outcomes()).isEmpty();
    assertThat(victim.recorded("a")).isNull();
    assertThat(redis.commands().xlen(KEYS.pages())).isEqualTo(3);
    assertThat(victim.read(100, 1 << 20, SHORT).deliveries())
        .extracting(Delivery::entryId)
        .as("what is still its own is delivered again")
        .containsExactly("1-1", "1-3");
  }

  @Test
  void aNewEpochRefusesTheBatch() throws Exception {
    PageConsumer consumer = consumer("a");
    publish(1, 2);
    Batch batch = consumer.read(100, 1 << 20, SHORT);
    redis.commands().set(KEYS.epoch(), "e2");

    assertThat(consumer.commit(batch.session(), record(5), finished(batch), LONG))
        .isEqualTo(new CommitResult.StaleEpoch());
    Batch again = consumer.read(100, 1 << 20, SHORT);
    assertThat(again.session().epoch()).isEqualTo("e2");
    assertThat(again.deliveries()).hasSize(2);
    assertThat(consumer.commit(again.session(), record(5), finished(again), LONG))
        .isEqualTo(new CommitResult.Committed());
  }

  @Test
  void anEmptiedRedisRefusesTheBatchAndGetsItsGroupAgain() throws Exception {
    PageConsumer consumer = consumer("a");
    publish(1, 1);
    Batch batch = consumer.read(100, 1 << 20, SHORT);
    redis.commands().flushall();
    assertThat(consumer.commit(batch.session(), record(5), finished(batch), SHORT))
        .isEqualTo(new CommitResult.StaleEpoch());
    assertThatThrownBy(() -> consumer.read(1, 1, SHORT))
        .isInstanceOf(RedisLostException.class)
        .hasMessageContaining("no fetcher has started");
    redis.own(KEYS, CRAWL, "e2");
    publish(2, 2);
    assertThat(consumer.read(100, 1 << 20, SHORT).deliveries())
        .extracting(Delivery::entryId)
        .containsExactly("1-2");
  }

  @Test
  void aLostGroupIsMadeAgain() throws Exception {
    PageConsumer consumer = consumer("a");
    publish(1, 1);
    consumer.read(1, 1 << 20, SHORT);
    redis.commands().xgroupDestroy(KEYS.pages(), "parsers");
    assertThatThrownBy(() -> consumer.read(1, 1 << 20, SHORT))
        .isInstanceOf(RedisLostException.class);
    consumer.drop();
    assertThat(consumer.read(1, 1 << 20, SHORT).deliveries()).hasSize(1);
  }

  @Test
  void commitsWorkWhileRedisIsFull() throws Exception {
    PageConsumer consumer = consumer("a");
    publish(1, 3);
    Batch batch = consumer.read(100, 1 << 20, SHORT);
    redis.commands().configSet("maxmemory", "1");
    try {
      assertThat(consumer.commit(batch.session(), record(5), finished(batch), LONG))
          .isEqualTo(new CommitResult.Committed());
      publishRefused();
    } finally {
      redis.commands().configSet("maxmemory", "0");
    }
    assertThat(outcomes()).hasSize(3);
  }

  private void publishRefused() {
    assertThatThrownBy(() -> publish(4, 4)).hasMessageContaining("OOM");
  }

  @Test
  void aKilledConnectionIsReplacedAndLosesNoPage() throws Exception {
    PageConsumer consumer = consumer("a");
    publish(1, 4);
    Batch first = consumer.read(2, 1 << 20, SHORT);
    redis.commands().clientKill(KillArgs.Builder.skipme());
    Batch rest = readAgain(consumer);
    assertThat(rest.session()).isEqualTo(first.session());
    assertThat(rest.deliveries()).extracting(Delivery::entryId).containsExactly("1-3", "1-4");
    List<Finished> all = new ArrayList<>(finished(first));
    all.addAll(finished(rest));
    assertThat(consumer.commit(first.session(), record(5), all, LONG))
        .isEqualTo(new CommitResult.Committed());
    assertThat(outcomes()).hasSize(4);
  }

  private static Batch readAgain(PageConsumer consumer) {
    for (int i = 0; ; i++) {
      try {
        Batch batch = consumer.read(100, 1 << 20, Duration.ofMillis(100));
        if (!batch.deliveries().isEmpty() || i > 50) {
          return batch;
        }
      } catch (RedisLostException e) {
        assertThat(i).isLessThan(50);
      }
    }
  }

  @Test
  void aRestartedServerChangesTheSessionAndDeliversAgain() throws Exception {
    PageConsumer consumer = consumer("a");
    publish(1, 2);
    Batch before = consumer.read(100, 1 << 20, SHORT);
    redis.kill();
    redis.restart();
    assertThat(consumer.commit(before.session(), record(5), finished(before), LONG))
        .isEqualTo(new CommitResult.StaleEpoch());
    Batch after = readAgain(consumer);
    assertThat(after.session()).isNotEqualTo(before.session());
    assertThat(after.deliveries()).hasSize(2);
  }

  @Test
  void aPageThatKillsItsWorkerAloneThreeTimesIsGivenUp() throws Exception {
    publish(1, 2);
    PageConsumer batchReader = consumer("a", Duration.ofMillis(1));
    assertThat(batchReader.read(100, 1 << 20, SHORT).deliveries()).hasSize(2);
    crash(batchReader);
    for (int strike = 1; strike <= 3; strike++) {
      PageConsumer worker = consumer("a", Duration.ofMinutes(1));
      Batch alone = worker.read(100, 1 << 20, SHORT);
      assertThat(alone.alone()).isTrue();
      assertThat(alone.deliveries()).extracting(Delivery::entryId).containsExactly("1-1");
      crash(worker);
    }
    PageConsumer last = consumer("a");
    Batch innocent = last.read(100, 1 << 20, SHORT);
    assertThat(innocent.deliveries()).extracting(Delivery::entryId).containsExactly("1-2");
    assertThat(last.commit(innocent.session(), record(5), finished(innocent), LONG))
        .isEqualTo(new CommitResult.Committed());
    assertThat(outcomes())
        .extracting(outcome -> outcome.end().reason())
        .containsExactly("poison-page", "ok");
    List<StreamMessage<String, String>> dead =
        redis.commands().xrange(KEYS.dead(), Range.unbounded());
    assertThat(dead).hasSize(1);
    assertThat(dead.getFirst().getBody()).containsEntry("reason", "poison-page");
    assertThat(redis.commands().exists(KEYS.strikes())).isZero();
  }

  @Test
  void aPageOnWhichItsWorkerFailsAloneThreeTimesIsGivenUp() throws Exception {
    publish(1, 1);
    PageConsumer batchReader = consumer("a");
    assertThat(batchReader.read(100, 1 << 20, SHORT).deliveries()).hasSize(1);
    batchReader.keepStrike();
    leave(batchReader);
    for (int strike = 1; strike <= 3; strike++) {
      PageConsumer worker = consumer("a");
      assertThat(worker.read(100, 1 << 20, SHORT).alone()).isTrue();
      worker.keepStrike();
      leave(worker);
    }

    assertThat(consumer("a").read(100, 1 << 20, SHORT).deliveries()).isEmpty();
    assertThat(outcomes())
        .extracting(outcome -> outcome.end().reason())
        .containsExactly("poison-page");
  }

  @Test
  void aWorkerThatIsStoppedWhileAPageRunsAloneTakesItsStrikeBack() throws Exception {
    publish(1, 1);
    PageConsumer batchReader = consumer("a");
    batchReader.read(100, 1 << 20, SHORT);
    leave(batchReader);
    for (int stop = 1; stop <= 4; stop++) {
      PageConsumer worker = consumer("a");
      Batch batch = worker.read(100, 1 << 20, SHORT);
      assertThat(batch.alone()).isTrue();
      assertThat(batch.deliveries()).hasSize(1);
      leave(worker);
    }
  }

  @Test
  void pagesOfADeadConsumerAreTakenOverOneAtATime() throws Exception {
    publish(1, 3);
    PageConsumer dead = consumer("dead");
    assertThat(dead.read(100, 1 << 20, SHORT).deliveries()).hasSize(3);
    crash(dead);
    PageConsumer heir = consumer("heir", Duration.ofMillis(1));
    await()
        .until(
            () ->
                redis
                        .commands()
                        .xpending(KEYS.pages(), "parsers", Range.unbounded(), Limit.from(1))
                        .getFirst()
                        .getMsSinceLastDelivery()
                    > 1);
    for (int i = 1; i <= 3; i++) {
      Batch batch = heir.read(100, 1 << 20, SHORT);
      assertThat(batch.alone()).isTrue();
      assertThat(batch.deliveries()).extracting(Delivery::entryId).containsExactly("1-" + i);
      heir.commit(batch.session(), record(i), finished(batch), LONG);
    }
    assertThat(outcomes()).hasSize(3);
  }

  @Test
  void whatACleanlyClosedConsumerLeavesIsTakenOverAtOnceWithoutAStrike() throws Exception {
    publish(1, 1);
    PageConsumer leaving = consumer("leaving");
    leaving.read(100, 1 << 20, SHORT);
    leave(leaving);
    PageConsumer other = consumer("other", Duration.ofHours(1));
    assertThat(other.read(100, 1 << 20, SHORT).deliveries()).hasSize(1);
  }

  @Test
  void aConsumerThatHoldsNothingLeavesTheGroup() throws Exception {
    PageConsumer consumer = consumer("a");
    publish(1, 1);
    Batch batch = consumer.read(100, 1 << 20, SHORT);
    consumer.commit(batch.session(), record(5), finished(batch), LONG);
    leave(consumer);
    assertThat(redis.commands().xinfoConsumers(KEYS.pages(), "parsers")).isEmpty();
  }

  @Test
  void aMalformedPageIsBuriedAndItsLeaseEnds() throws Exception {
    StreamEntry good = PageCodec.encode(Samples.page(1));
    Samples.append(pool, new StreamEntry(good.lease(), Script.arg("{\"v\":9}"), good.payload()), 1);
    Samples.append(pool, new StreamEntry(Script.arg("no lease"), good.header(), good.payload()), 2);
    publish(3, 3);
    PageConsumer consumer = consumer("a");
    assertThat(consumer.read(100, 1 << 20, SHORT).deliveries())
        .extracting(Delivery::entryId)
        .containsExactly("1-3");
    assertThat(outcomes())
        .extracting(outcome -> outcome.end().reason())
        .containsExactly("malformed-page");
    assertThat(redis.commands().xlen(KEYS.dead())).isEqualTo(2);
    assertThat(registry.get("sluice.pages.dead").counter().count()).isEqualTo(2);
  }

  @Test
  void aPageThatRunsAloneKeepsOthersOut() throws Exception {
    publish(1, 2);
    PageConsumer dead = consumer("dead");
    dead.read(1, 1 << 20, SHORT);
    crash(dead);
    PageConsumer heir = consumer("dead");
    Batch suspect = heir.read(100, 1 << 20, SHORT);
    assertThat(suspect.alone()).isTrue();
    PageConsumer other = consumer("other");
    assertThat(other.read(100, 1 << 20, SHORT).deliveries()).isEmpty();
    heir.commit(suspect.session(), record(1), finished(suspect), LONG);
    assertThat(other.read(100, 1 << 20, SHORT).deliveries()).hasSize(1);
  }
}
