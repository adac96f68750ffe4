package io.sluice.core.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lettuce.core.api.async.RedisAsyncCommands;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.sluice.core.config.RedisSettings;
import io.sluice.core.testing.LogLines;
import io.sluice.core.testing.RedisExtension;
import io.sluice.core.testing.TestRedis;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The pool logs the condition of Redis: once when a problem begins, once when it is over. */
@ExtendWith(RedisExtension.class)
class RedisConditionTest {

  private static final RedisCondition WELL = new RedisCondition.Well();

  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final List<RedisCondition> heard = new CopyOnWriteArrayList<>();
  private final AtomicLong skippedNanos = new AtomicLong();
  private LogLines log;
  private TestRedis redis;
  private RedisPool pool;

  @BeforeEach
  void open(TestRedis server) throws Exception {
    log = new LogLines(RedisPool.class.getPackage());
    redis = server;
    RedisSettings hasty =
        new RedisSettings(
            redis.uri(), Duration.ofSeconds(1), new RedisSettings.Pool(4, Duration.ofSeconds(20)));
    pool =
        RedisPool.open(
            hasty,
            TestRedis.KEYS,
            "sluice-test",
            redis.ledger(),
            registry,
            () -> System.nanoTime() + skippedNanos.get());
    pool.onCondition(heard::add);
    pool.ping().toCompletableFuture().get(5, TimeUnit.SECONDS);
  }

  @AfterEach
  void close() {
    pool.close();
    log.close();
  }

  private void awaitUnwell(Class<? extends RedisCondition> kind) {
    await().atMost(Duration.ofSeconds(20)).until(() -> kind.isInstance(pool.condition()));
    assertThat(registry.get("sluice.redis.up").gauge().value()).isZero();
  }

  /**
   * Waits until Redis has recovered, and expects one log line for the beginning of the problem and
   * one for its end.
   */
  private void awaitWellAgain(String reason) {
    await()
        .atMost(Duration.ofSeconds(20))
        .until(
            () -> {
              skippedNanos.addAndGet(Duration.ofMillis(500).toNanos()); // it must be well for long
              return pool.condition().equals(WELL);
            });
    assertThat(log.warnings()).singleElement().asString().contains(reason);
    assertThat(log.infos()).filteredOn(line -> line.contains("has recovered")).hasSize(1);
    assertThat(heard).startsWith(WELL).endsWith(WELL).hasSizeGreaterThanOrEqualTo(3);
    assertThat(registry.get("sluice.redis.up").gauge().value()).isEqualTo(1);
    assertThat(registry.get("sluice.redis.waiting.seconds").functionCounter().count()).isPositive();
  }

  @Test
  void aKilledServerIsAwayUntilItIsStartedAgain() throws Exception {
    redis.kill();
    awaitUnwell(RedisCondition.Away.class);
    var waiting = pool.submit(RedisAsyncCommands::ping);
    redis.restart();
    awaitWellAgain("cannot be reached; the crawl is waiting for it");
    assertThat(waiting.get(5, TimeUnit.SECONDS)).isEqualTo("PONG");
  }

  @Test
  void aPausedServerIsAwayUntilItGoesOn() {
    redis.pause();
    try {
      awaitUnwell(RedisCondition.Away.class);
    } finally {
      redis.resume();
    }
    awaitWellAgain("the crawl is waiting for it");
  }

  @Test
  void aFullServerIsFullUntilItHasRoom() {
    redis.commands().configSet("maxmemory", "1");
    try {
      awaitUnwell(RedisCondition.Full.class);
    } finally {
      redis.commands().configSet("maxmemory", "0");
    }
    awaitWellAgain("Redis is full");
  }

  @Test
  void aReplicaIsReadOnlyUntilItIsAPrimaryAgain() {
    redis.commands().replicaof("127.0.0.1", 1);
    try {
      awaitUnwell(RedisCondition.ReadOnly.class);
    } finally {
      redis.commands().replicaofNoOne();
    }
    awaitWellAgain("read-only replica");
  }

  @Test
  void aPolicyThatEvictsIsToldUntilItIsMended() {
    redis.commands().configSet("maxmemory", "100mb");
    redis.commands().configSet("maxmemory-policy", "allkeys-lru");
    try {
      awaitUnwell(RedisCondition.Evicting.class);
    } finally {
      redis.commands().configSet("maxmemory-policy", "noeviction");
      redis.commands().configSet("maxmemory", "0");
    }
    awaitWellAgain("maxmemory-policy allkeys-lru");
  }
}
