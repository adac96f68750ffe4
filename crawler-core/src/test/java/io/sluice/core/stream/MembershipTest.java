package io.sluice.core.stream;

import static io.sluice.core.testing.TestRedis.CRAWL;
import static io.sluice.core.testing.TestRedis.KEYS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.sluice.core.lease.CrawlIdentity;
import io.sluice.core.message.Page;
import io.sluice.core.message.PageCodec;
import io.sluice.core.redis.RedisLostException;
import io.sluice.core.redis.RedisPool;
import io.sluice.core.redis.RedisUnavailableException;
import io.sluice.core.testing.RedisExtension;
import io.sluice.core.testing.TestRedis;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Which parsers may work on a partition, and under which name. */
@ExtendWith(RedisExtension.class)
class MembershipTest {

  private static final CrawlIdentity OTHER = new CrawlIdentity("f".repeat(32));

  private final CompletableFuture<Void> never = new CompletableFuture<>();
  private TestRedis redis;
  private RedisPool pool;
  private RedisClient client;
  private StatefulRedisConnection<String, String> parser;

  @BeforeEach
  void open(TestRedis server) {
    redis = server;
    pool = redis.pool();
    client = RedisClient.create(RedisURI.create(redis.uri()));
    parser = client.connect();
  }

  @AfterEach
  void close() {
    parser.close();
    client.shutdown();
    pool.close();
  }

  private static Membership of(@Nullable CrawlIdentity crawl, String holder) {
    return new Membership(KEYS, Path.of("/crawls/mine"), () -> crawl, "web1", holder);
  }

  @Test
  void aParserOfAnotherCrawlIsRefusedInOneLineThatNamesBothAndTheRemedy() {
    redis.own(KEYS, OTHER, "e1");
    assertThatThrownBy(() -> of(CRAWL, "h").check(pool, never))
        .isInstanceOf(RedisUnavailableException.class)
        .hasMessageContainingAll(
            "crawl test there is that of /crawl", "ffffffff", "/crawls/mine", "01234567", "forget")
        .satisfies(e -> assertThat(e.getMessage()).doesNotContain("\n"));
    assertThatThrownBy(() -> of(CRAWL, "h").join(pool)).isInstanceOf(NotAdmittedException.class);
    assertThatThrownBy(() -> new SlotRecords(pool, of(CRAWL, "h")).all())
        .isInstanceOf(NotAdmittedException.class);
  }

  @Test
  void aDirectoryThatBelongsToNoCrawlWaitsForAFetcherThatIsConnected() {
    redis.own(KEYS, OTHER, "e1");
    assertThatThrownBy(() -> of(null, "h").join(pool)).isInstanceOf(NoEpochException.class);
    parser.sync().clientSetname("sluice-publisher:test.p1:7");
    assertThatThrownBy(() -> of(null, "h").join(pool)).isInstanceOf(NoEpochException.class);
    parser.sync().clientSetname("sluice-publisher:test.p0:7");
    assertThat(of(null, "h").join(pool)).isEqualTo(OTHER);
  }

  @Test
  void aNodesNameIsRefusedWhileItsHolderIsConnectedAndFreeOnceThatIsGone() throws Exception {
    parser.sync().clientSetname(Membership.clientName("test", "web1", "original"));
    of(CRAWL, "original").check(pool, never);
    of(CRAWL, "original").check(pool, never);
    assertThatThrownBy(() -> of(CRAWL, "copy").check(pool, never))
        .isInstanceOf(RedisUnavailableException.class)
        .hasMessageContainingAll("node web1", "already connected", "/crawls/mine", "parser.node");
    assertThat(redis.commands().hget(KEYS.nodes(), "web1")).isEqualTo("original");

    parser.close();
    of(CRAWL, "copy").check(pool, never);
    assertThat(redis.commands().hget(KEYS.nodes(), "web1")).isEqualTo("copy");
  }

  @Test
  void nodesThatLiveAreKnownByTheirConnections() {
    redis.commands().hset(KEYS.nodes(), Map.of("web1", "a", "web2", "b"));
    parser.sync().clientSetname(Membership.clientName("test", "web2", "b"));
    assertThat(of(CRAWL, "h").livingNodes(pool)).containsExactly("web2");
  }

  @Test
  void aParserWhoseNameAnotherHasTakenCommitsNothingAndIsToldToEnd() throws Exception {
    redis.own(KEYS, CRAWL, "e1");
    try (RedisPool own = redis.pool();
        PageConsumer consumer =
            PageConsumer.open(
                own,
                of(CRAWL, "frozen"),
                "web1-0",
                ConsumerSettings.claimingAfter(Duration.ofMinutes(1)),
                new Isolation(1),
                new SimpleMeterRegistry())) {
      publish();
      Batch batch = consumer.read(1, 1 << 20, Duration.ofMillis(20));
      redis.commands().hset(KEYS.nodes(), "web1", "copy");
      parser.sync().clientSetname(Membership.clientName("test", "web1", "copy"));
      List<Finished> finished =
          batch.deliveries().stream()
              .map(page -> new Finished(page.entryId(), Samples.outcome((Page) page.content())))
              .toList();
      SlotRecord record = new SlotRecord("web1-0", List.of(), false);
      ThrowingCallable commit =
          () -> consumer.commit(batch.session(), record, finished, Duration.ofSeconds(5));
      assertThatThrownBy(commit)
          .as("what Redis refuses is tried again, on a connection that introduces itself")
          .isInstanceOf(RedisLostException.class);
      assertThatThrownBy(commit).isInstanceOf(NotAdmittedException.class);
    }
    assertThat(redis.commands().xlen(KEYS.pages())).isEqualTo(1);
    assertThat(redis.commands().xlen(KEYS.outcomes())).isZero();
    assertThat(redis.commands().exists(KEYS.outputs())).isZero();
  }

  private void publish() {
    var entry = PageCodec.encode(Samples.page(1));
    redis
        .commands()
        .xadd(
            KEYS.pages(),
            Map.of(
                "k", new String(entry.lease(), StandardCharsets.UTF_8),
                "h", new String(entry.header(), StandardCharsets.UTF_8),
                "b", new String(entry.payload(), StandardCharsets.ISO_8859_1)));
  }

  @Test
  void clientListsAreReadWhateverStandsInThem() {
    Clients clients =
        Clients.parse(
            """
            id=3 addr=10.0.0.1:5 name=sluice-parser:docs:web1:abc age=9 idle=7 flags=N
            id=4 addr=10.0.0.2:6 name=sluice-parser:docs:web1:abc age=9 idle=2 flags=N
            id=5 addr=/tmp/x.sock:0 name= idle=never
            nonsense
            id=6 addr=10.0.0.3:7 name=sluice-publisher:docs.p0:12 idle=0
            id=7 addr=10.0.0.4:8 name=sluice-publisher:docs-2.p0:12 idle=0
            """);
    assertThat(clients.liveliest("sluice-parser:docs:web1:abc").orElseThrow().address())
        .isEqualTo("10.0.0.2:6");
    assertThat(clients.ofCrawl("docs"))
        .extracting(Clients.Client::address)
        .containsExactly("10.0.0.1:5", "10.0.0.2:6", "10.0.0.3:7");
    assertThat(clients.anyPublisher(new PartitionKeys("docs", 0))).isTrue();
    assertThat(clients.anyPublisher(new PartitionKeys("docs", 1))).isFalse();
  }
}
