package io.sluice.core.stream;

import static io.sluice.core.testing.TestRedis.CRAWL;
import static io.sluice.core.testing.TestRedis.KEYS;
import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.Limit;
import io.lettuce.core.Range;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.sluice.core.lease.LeaseId;
import io.sluice.core.message.Body;
import io.sluice.core.message.Capture;
import io.sluice.core.message.Outcome;
import io.sluice.core.message.Page;
import io.sluice.core.message.PageCodec;
import io.sluice.core.message.RecordCodec;
import io.sluice.core.message.RecordId;
import io.sluice.core.message.RecordOnly;
import io.sluice.core.message.StreamEntry;
import io.sluice.core.redis.RedisPool;
import io.sluice.core.redis.RedisUnavailableException;
import io.sluice.core.testing.RedisExtension;
import io.sluice.core.testing.TestRedis;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Entries without lease and outcome, among pages in one stream. */
@ExtendWith(RedisExtension.class)
class RecordOnlyEntriesTest {

  private static final Duration WAIT = Duration.ofSeconds(5);

  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private TestRedis redis;
  private RedisPool pool;
  private Ownership ownership;
  private PartitionStreams streams;

  @BeforeEach
  void open(TestRedis server) throws IOException, RedisUnavailableException {
    redis = server;
    pool = redis.pool();
    redis.own(KEYS, CRAWL, "e1");
    ownership = new Ownership(pool, KEYS, new Claimant(CRAWL, Path.of("/crawl"), "h", "-"));
    ownership.take(1, incarnation -> {});
    streams = new PartitionStreams(pool, KEYS, ownership);
  }

  @AfterEach
  void close() {
    pool.close();
  }

  private PageConsumer consumer(RedisPool on, String name, Duration claimAfter) {
    return PageConsumer.open(
        on,
        new Membership(KEYS, Path.of("/crawl"), () -> CRAWL, "n", "holder"),
        name,
        new ConsumerSettings(claimAfter, Duration.ZERO, 3),
        new Isolation(8),
        registry);
  }

  private static RecordOnly record(int number) {
    return new RecordOnly(
        new RecordId(1, number),
        new Capture(
            "http://example.test/robots.txt",
            "GET /robots.txt HTTP/1.1",
            "HTTP/1.1 404 Not Found\r\n\r\n",
            "127.0.0.1",
            Samples.AT,
            false,
            null,
            Body.of(new byte[200])));
  }

  /** Pages under even numbers, record-only entries under odd ones. */
  private void addMixed(int count) throws Exception {
    for (int i = 1; i <= count; i++) {
      Samples.append(
          pool, i % 2 == 0 ? PageCodec.encode(Samples.page(i)) : RecordCodec.encode(record(i)), i);
    }
  }

  private static Finished finish(Delivery delivery) {
    Outcome outcome = delivery.content() instanceof Page page ? Samples.outcome(page) : null;
    return new Finished(delivery.entryId(), outcome);
  }

  private static SlotRecord slot(long offset) {
    return new SlotRecord("a", List.of(new SinkOffset("warc", "w-1", offset)), false);
  }

  private Map<String, String> owner() {
    return redis.commands().hgetall(KEYS.owner());
  }

  @Test
  void aCommitSendsOneOutcomeForEachPageAndNoneForTheRest() throws Exception {
    addMixed(5);
    try (PageConsumer consumer = consumer(pool, "a", WAIT)) {
      Batch batch = consumer.read(100, 1 << 20, Duration.ofMillis(20));
      assertThat(batch.deliveries()).hasSize(5);
      assertThat(batch.deliveries().getFirst().content())
          .usingRecursiveComparison()
          .isEqualTo(record(1));
      List<Finished> finished =
          batch.deliveries().stream().map(RecordOnlyEntriesTest::finish).toList();

      assertThat(consumer.commit(batch.session(), slot(7), finished, WAIT))
          .isEqualTo(new CommitResult.Committed());

      assertThat(streams.leasesInOutcomes().keySet())
          .containsExactly(new LeaseId(0, 2), new LeaseId(0, 4));
      assertThat(owner()).containsEntry("committed", "2");
      assertThat(redis.commands().xlen(KEYS.pages())).isZero();
      assertThat(redis.commands().xpending(KEYS.pages(), "parsers").getCount()).isZero();
      assertThat(consumer.recorded("a")).isEqualTo(slot(7));
    }
  }

  @Test
  void aBatchOfRecordOnlyEntriesAloneIsCommittedWithoutAnyOutcome() throws Exception {
    Samples.append(pool, RecordCodec.encode(record(1)), 1);
    try (PageConsumer consumer = consumer(pool, "a", WAIT)) {
      Batch batch = consumer.read(100, 1 << 20, Duration.ofMillis(20));
      List<Finished> finished = List.of(finish(batch.deliveries().getFirst()));

      consumer.commit(batch.session(), slot(7), finished, WAIT);
      consumer.commit(batch.session(), slot(7), finished, WAIT); // its answer was lost

      assertThat(redis.commands().xlen(KEYS.outcomes())).isZero();
      assertThat(owner()).containsEntry("committed", "0");
      try (OutcomeReader reader = new OutcomeReader(pool, KEYS, ownership)) {
        String epoch = reader.read(1, Duration.ZERO).session().epoch();
        assertThat(epoch).as("nothing looks altered").isEqualTo("e1");
      }
    }
  }

  @Test
  void aRestartTellsThemFromLeases() throws Exception {
    addMixed(4);

    PartitionStreams.InPages found = streams.inPages();

    assertThat(found.leases())
        .containsOnly(Map.entry(new LeaseId(0, 2), "1-2"), Map.entry(new LeaseId(0, 4), "1-4"));
    assertThat(found.records())
        .containsOnly(Map.entry(new RecordId(1, 1), "1-1"), Map.entry(new RecordId(1, 3), "1-3"));
  }

  @Test
  void theFetcherFindsThoseGoneThatWereCommitted() throws Exception {
    addMixed(5);
    List<String> ids = List.of("1-1", "1-3", "1-5");
    assertThat(streams.gone("e1", ids)).as("no group yet").isEmpty();
    try (PageConsumer consumer = consumer(pool, "a", WAIT)) {
      Batch batch = consumer.read(3, 1 << 20, Duration.ofMillis(20));
      assertThat(streams.gone("e1", ids)).as("read, and not committed").isEmpty();
      List<Finished> finished =
          batch.deliveries().stream().map(RecordOnlyEntriesTest::finish).toList();

      consumer.commit(batch.session(), slot(7), finished, WAIT);

      assertThat(streams.gone("e1", ids)).containsOnly("1-1", "1-3");
    }
    redis.commands().del(KEYS.pages());
    assertThat(streams.gone("e2", ids)).as("of another epoch").isEmpty();
    assertThat(streams.gone("e1", ids)).as("Redis lost the stream").containsAll(ids);
  }

  @Test
  void oneThatCannotBeReadIsBuriedWithoutAnOutcome() throws Exception {
    Samples.append(
        pool,
        new StreamEntry(
            "r1-1".getBytes(StandardCharsets.US_ASCII),
            "{\"v\":99}".getBytes(StandardCharsets.US_ASCII),
            new byte[1]),
        1);
    try (PageConsumer consumer = consumer(pool, "a", WAIT)) {
      assertThat(consumer.read(100, 1 << 20, Duration.ofMillis(20)).deliveries()).isEmpty();
    }
    assertThat(redis.commands().xlen(KEYS.outcomes())).isZero();
    assertThat(redis.commands().xlen(KEYS.pages())).isZero();
    assertThat(redis.commands().xrange(KEYS.dead(), Range.unbounded(), Limit.unlimited()))
        .singleElement()
        .satisfies(
            dead ->
                assertThat(dead.getBody())
                    .containsEntry("reason", "malformed-page")
                    .containsEntry("k", "r1-1"));
    assertThat(streams.gone("e1", List.of("1-1"))).containsOnly("1-1");
  }

  @Test
  void oneThatKillsItsWorkersIsBuriedWithoutAnOutcomeToo() throws Exception {
    Samples.append(pool, RecordCodec.encode(record(1)), 1);
    for (int death = 0; death < 4; death++) {
      RedisPool own = redis.pool();
      PageConsumer consumer = consumer(own, "a", Duration.ZERO);
      consumer.read(100, 1 << 20, Duration.ofMillis(20));
      own.close(); // like a killed process: the entry stays pending, and its strike is recorded
      consumer.close();
    }
    try (PageConsumer consumer = consumer(pool, "a", Duration.ZERO)) {
      assertThat(consumer.read(100, 1 << 20, Duration.ofMillis(20)).deliveries()).isEmpty();
    }
    assertThat(redis.commands().xlen(KEYS.outcomes())).isZero();
    assertThat(redis.commands().xlen(KEYS.pages())).isZero();
    assertThat(registry.counter("sluice.pages.dead", "reason", "poison-page").count()).isOne();
  }
}
