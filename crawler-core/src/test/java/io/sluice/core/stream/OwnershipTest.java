package io.sluice.core.stream;

import static io.sluice.core.testing.TestRedis.CRAWL;
import static io.sluice.core.testing.TestRedis.KEYS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.sluice.core.lease.CrawlIdentity;
import io.sluice.core.lifecycle.Deadline;
import io.sluice.core.redis.RedisLostException;
import io.sluice.core.redis.RedisPool;
import io.sluice.core.redis.RedisUnavailableException;
import io.sluice.core.testing.RedisExtension;
import io.sluice.core.testing.TestRedis;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A partition has one owner, and only its last fetcher changes anything. */
@ExtendWith(RedisExtension.class)
class OwnershipTest {

  private static final CrawlIdentity OTHER = new CrawlIdentity("f".repeat(32));
  private final List<Long> noted = new ArrayList<>();
  private TestRedis redis;
  private RedisPool pool;

  @BeforeEach
  void open(TestRedis server) {
    redis = server;
    pool = redis.pool();
  }

  @AfterEach
  void close() {
    pool.close();
  }

  private Ownership of(CrawlIdentity crawl, String dir) {
    return new Ownership(
        pool, KEYS, new Claimant(crawl, Path.of(dir), "host", "sluice forget test --redis URI"));
  }

  private Ownership.Taken take(Ownership ownership, long own)
      throws RedisUnavailableException, IOException {
    return ownership.take(own, noted::add);
  }

  @Test
  void anIncarnationIsAboveAllThatTheDirectoryAndRedisKnowOf() throws Exception {
    assertThat(take(of(CRAWL, "/a"), 0))
        .extracting("incarnation", "former")
        .containsExactly(1L, 0L);
    assertThat(take(of(CRAWL, "/a"), 1))
        .extracting("incarnation", "former")
        .containsExactly(2L, 1L);
    assertThat(take(of(CRAWL, "/a"), 7))
        .extracting("incarnation", "former")
        .containsExactly(8L, 2L);
    assertThat(take(of(CRAWL, "/a"), 3))
        .as("an older directory")
        .extracting("incarnation", "former")
        .containsExactly(9L, 8L);
    redis.commands().xadd(KEYS.pages(), new io.lettuce.core.XAddArgs().id("500-1"), "k", "x");
    assertThat(take(of(CRAWL, "/a"), 9).incarnation()).as("above the newest page").isEqualTo(501);
    assertThat(noted)
        .as("the directory knew before Redis did")
        .containsExactly(1L, 2L, 8L, 9L, 501L);
  }

  @Test
  void anEpochIsWrittenOnceAndKept() throws Exception {
    String epoch = take(of(CRAWL, "/a"), 0).epoch();
    assertThat(epoch).matches("[0-9a-f]{32}");
    assertThat(take(of(CRAWL, "/a"), 1).epoch()).isEqualTo(epoch);
    redis.commands().flushall();
    assertThat(take(of(CRAWL, "/a"), 2).epoch()).isNotEqualTo(epoch);
  }

  @Test
  void anotherCrawlOfTheSameNameIsRefusedInOneLineThatNamesBothAndTheRemedy() throws Exception {
    take(of(OTHER, "/theirs"), 0);
    String epoch = redis.commands().get(KEYS.epoch());
    assertThatThrownBy(() -> of(CRAWL, "/ours").awaitFree(soon()))
        .isInstanceOf(RedisUnavailableException.class)
        .hasMessageContainingAll(
            "crawl test", "/theirs", "ffffffff", "/ours", "01234567", "sluice forget test --redis")
        .satisfies(e -> assertThat(e.getMessage()).doesNotContain("\n"));
    assertThatThrownBy(() -> take(of(CRAWL, "/ours"), 5))
        .isInstanceOf(RedisUnavailableException.class);
    assertThat(redis.commands().hget(KEYS.owner(), "identity")).isEqualTo(OTHER.hex());
    assertThat(redis.commands().get(KEYS.epoch())).isEqualTo(epoch);
  }

  @Test
  void aHostileOwnerIsShownOnOneLine() {
    redis.commands().hset(KEYS.owner(), Map.of("identity", "x\r\ny", "dir", "/a\nERROR forged"));
    assertThatThrownBy(() -> of(CRAWL, "/ours").awaitFree(soon()))
        .isInstanceOf(RedisUnavailableException.class)
        .hasMessageContaining("identity unreadable")
        .satisfies(e -> assertThat(e.getMessage()).doesNotContain("\n", "\r"));
  }

  @Test
  void aFormerFetcherDestroysNothingOnceALaterOneHasTakenOver() throws Exception {
    Ownership former = of(CRAWL, "/a");
    take(former, 0);
    take(of(CRAWL, "/copy"), 1);
    PartitionStreams streams = new PartitionStreams(pool, KEYS, former);
    String page = redis.commands().xadd(KEYS.pages(), Map.of("k", "0-1"));
    String outcome = redis.commands().xadd(KEYS.outcomes(), Map.of("k", "0-1"));

    assertThatThrownBy(() -> streams.revoke(List.of(page))).isInstanceOf(RedisLostException.class);
    assertFails(streams.deleteOutcomes(List.of(outcome)).toCompletableFuture());
    assertFails(former.state(PartitionOwner.State.STOPPED).toCompletableFuture());
    assertThatThrownBy(() -> former.renew(noted::add)).isInstanceOf(SupersededException.class);
    try (OutcomeReader reader = new OutcomeReader(pool, KEYS, former)) {
      assertThatThrownBy(() -> reader.read(1, Duration.ZERO))
          .isInstanceOf(SupersededException.class)
          .hasMessageContainingAll("a later fetcher", "/copy", "incarnation 2", "incarnation 1");
    }

    assertThat(redis.commands().xlen(KEYS.pages())).isEqualTo(1);
    assertThat(redis.commands().xlen(KEYS.outcomes())).isEqualTo(1);
    assertThat(redis.commands().hget(KEYS.owner(), "state")).isEqualTo("running");
  }

  @Test
  void anotherCrawlThatTookAFlushedRedisIsLeftAlone() throws Exception {
    Ownership ours = of(CRAWL, "/a");
    take(ours, 0);
    redis.commands().flushall();
    take(of(OTHER, "/theirs"), 0);
    try (OutcomeReader reader = new OutcomeReader(pool, KEYS, ours)) {
      assertThatThrownBy(() -> reader.read(1, Duration.ZERO))
          .isInstanceOf(SupersededException.class)
          .hasMessageContainingAll("another crawl", "/theirs", "/a");
    }
    assertThat(redis.commands().hget(KEYS.owner(), "identity")).isEqualTo(OTHER.hex());
  }

  @Test
  void anOwnerThatIsGoneIsWrittenAgainWithANewEpoch() throws Exception {
    Ownership ours = of(CRAWL, "/a");
    String epoch = take(ours, 0).epoch();
    try (OutcomeReader reader = new OutcomeReader(pool, KEYS, ours)) {
      assertThat(reader.read(1, Duration.ZERO).session().epoch()).isEqualTo(epoch);
      redis.commands().del(KEYS.owner());
      assertThat(reader.read(1, Duration.ZERO).session().epoch()).isNotEqualTo(epoch);
      assertThat(redis.commands().hget(KEYS.owner(), "identity")).isEqualTo(CRAWL.hex());
    }
  }

  @Test
  void outcomesThatAreDeletedFromOutsideAreNoticedAndThoseThatAreJournaledAreNot()
      throws Exception {
    Ownership ours = of(CRAWL, "/a");
    take(ours, 0);
    PartitionStreams streams = new PartitionStreams(pool, KEYS, ours);
    try (OutcomeReader reader = new OutcomeReader(pool, KEYS, ours)) {
      List<String> ids = new ArrayList<>();
      redis.commands().hincrby(KEYS.owner(), "committed", 10);
      for (int i = 0; i < 10; i++) {
        ids.add(redis.commands().xadd(KEYS.outcomes(), Map.of("k", "0-" + (i + 1))));
      }
      String epoch = reader.read(1, Duration.ZERO).session().epoch();
      streams.deleteOutcomes(ids.subList(0, 4)).toCompletableFuture().get(5, TimeUnit.SECONDS);
      assertThat(reader.read(1, Duration.ZERO).session().epoch()).isEqualTo(epoch);

      redis.commands().xdel(KEYS.outcomes(), ids.get(7));
      String second = reader.read(1, Duration.ZERO).session().epoch();
      assertThat(second).as("one was deleted").isNotEqualTo(epoch);
      assertThat(reader.read(1, Duration.ZERO).session().epoch()).isEqualTo(second);

      redis.commands().xtrim(KEYS.outcomes(), 2);
      String third = reader.read(1, Duration.ZERO).session().epoch();
      assertThat(third).as("all but two were trimmed").isNotEqualTo(second);

      redis.commands().del(KEYS.outcomes());
      String fourth = reader.read(1, Duration.ZERO).session().epoch();
      assertThat(fourth).as("the stream is gone").isNotEqualTo(third);
      redis.commands().hincrby(KEYS.owner(), "committed", 1);
      redis.commands().xadd(KEYS.outcomes(), Map.of("k", "0-20"));
      assertThat(reader.read(1, Duration.ZERO).session().epoch()).isEqualTo(fourth);
      redis.commands().del(KEYS.outcomes());
      assertThat(reader.read(1, Duration.ZERO).session().epoch())
          .as("the only outcome since is gone")
          .isNotEqualTo(fourth);
    }
  }

  @Test
  void aSecondFetcherIsRefusedWhileTheFirstIsConnectedThoughItHasPublishedNothing()
      throws Exception {
    Ownership first = of(CRAWL, "/a");
    take(first, 0);
    try (PageAppender appender =
        PageAppender.open(pool, KEYS, first, CompletableFuture::new, new SimpleMeterRegistry())) {
      assertThat(appender).isNotNull();
      org.awaitility.Awaitility.await().until(() -> Clients.of(pool).anyPublisher(KEYS));
      assertThatThrownBy(() -> of(CRAWL, "/a").awaitFree(Deadline.in(Duration.ofMillis(100))))
          .isInstanceOf(RedisUnavailableException.class)
          .hasMessageContaining("another fetcher of crawl test is connected");
    }
    of(CRAWL, "/a").awaitFree(soon());
  }

  @Test
  void anEntryThatNoneCanFollowIsNamedWithItsRemedy() throws Exception {
    redis
        .commands()
        .xadd(
            KEYS.pages(),
            new io.lettuce.core.XAddArgs().id("18446744073709551615-1"),
            "k",
            "somebody");
    assertThatThrownBy(() -> take(of(CRAWL, "/a"), 0))
        .isInstanceOf(RedisUnavailableException.class)
        .hasMessageContainingAll("{test.p0}:pages", "sluice forget test --redis");
  }

  private static void assertFails(CompletableFuture<?> future) {
    assertThatThrownBy(() -> future.get(5, TimeUnit.SECONDS))
        .isInstanceOf(ExecutionException.class)
        .hasMessageContaining("NOTOWNER");
  }

  private static Deadline soon() {
    return Deadline.in(Duration.ofMinutes(1));
  }
}
