package io.sluice.core.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.lettuce.core.api.async.RedisAsyncCommands;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.sluice.core.config.RedisSettings;
import io.sluice.core.resource.ResourceKind;
import io.sluice.core.testing.RedisExtension;
import io.sluice.core.testing.TestLedger;
import io.sluice.core.testing.TestRedis;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(RedisExtension.class)
class RedisPoolTest {

  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private TestRedis redis;
  private RedisPool pool;

  @BeforeEach
  void open(TestRedis server) {
    redis = server;
    pool = redis.pool(redis.settings(20), registry);
  }

  @AfterEach
  void close() {
    pool.close();
    assertThat(redis.ledger().open())
        .as("sockets and threads left open")
        .doesNotContainKeys(ResourceKind.REDIS, ResourceKind.THREAD);
  }

  @Test
  void fiveHundredCallersShareTwentyConnectionsWithoutErrorOrGrowth() throws Exception {
    AtomicInteger most = new AtomicInteger();
    List<Thread> callers = new ArrayList<>();
    AtomicInteger served = new AtomicInteger();
    for (int i = 0; i < 500; i++) {
      callers.add(
          Thread.ofVirtual()
              .start(
                  () -> {
                    for (int round = 0; round < 5; round++) {
                      try (LeasedConnection lease = pool.lease("test", Keeping.BRIEFLY)) {
                        lease.await(lease.commands().incr(Script.arg("counter")));
                        served.incrementAndGet();
                        most.accumulateAndGet(redisSockets(), Math::max);
                      }
                    }
                  }));
    }
    for (Thread caller : callers) {
      assertThat(caller.join(Duration.ofSeconds(30))).isTrue();
    }
    assertThat(served).hasValue(2_500);
    assertThat(redis.commands().get("counter")).isEqualTo("2500");
    assertThat(most).hasValueLessThanOrEqualTo(20);
    await().until(() -> registry.get("sluice.redis.pool.leased").gauge().value() == 0);
  }

  @Test
  void thousandsOfPipelinedCommandsNeedFewConnections() throws Exception {
    List<CompletableFuture<Long>> replies = new ArrayList<>();
    for (int i = 0; i < 5_000; i++) {
      replies.add(pool.submit(commands -> commands.incr(Script.arg("counter"))));
    }
    for (CompletableFuture<Long> reply : replies) {
      reply.get(10, TimeUnit.SECONDS);
    }
    assertThat(redis.commands().get("counter")).isEqualTo("5000");
    assertThat(redisSockets()).isLessThanOrEqualTo(20);
  }

  @Test
  void aCallerWaitsItsTurnAndIsToldWhenItsTimeIsOver() {
    RedisSettings tight =
        new RedisSettings(
            redis.uri(), Duration.ofSeconds(5), new RedisSettings.Pool(2, Duration.ofMillis(150)));
    try (RedisPool small = redis.pool(tight, new SimpleMeterRegistry())) {
      LeasedConnection only = small.lease("first", Keeping.BRIEFLY);
      assertThatThrownBy(() -> small.lease("second", Keeping.BRIEFLY))
          .isInstanceOf(RedisLostException.class)
          .hasMessageContaining("redis.pool.acquire-timeout");
      assertThat(small.ping().toCompletableFuture())
          .as("one connection is left for shared commands")
          .succeedsWithin(Duration.ofSeconds(2));
      only.close();
      small.lease("third", Keeping.BRIEFLY).close();
    }
  }

  @Test
  void cancelledWaitersLeakNothing() throws Exception {
    List<LeasedConnection> held = new ArrayList<>();
    for (int i = 0; i < 19; i++) {
      held.add(pool.lease("holder", Keeping.BRIEFLY));
    }
    for (int i = 0; i < 200; i++) {
      CompletableFuture<LeasedConnection> waiting = pool.leaseAsync("waiter", Keeping.BRIEFLY);
      waiting.cancel(false);
    }
    List<CompletableFuture<LeasedConnection>> racing = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      racing.add(pool.leaseAsync("racer", Keeping.BRIEFLY));
    }
    Thread cancelling = Thread.ofVirtual().start(() -> racing.forEach(r -> r.cancel(false)));
    held.forEach(LeasedConnection::close);
    assertThat(cancelling.join(Duration.ofSeconds(5))).isTrue();
    for (CompletableFuture<LeasedConnection> racer : racing) {
      if (!racer.isCancelled()) {
        racer.get(5, TimeUnit.SECONDS).close();
      }
    }
    await().until(() -> registry.get("sluice.redis.pool.leased").gauge().value() == 0);
    for (int i = 0; i < 19; i++) {
      held.set(i, pool.lease("again", Keeping.BRIEFLY));
    }
    held.forEach(LeasedConnection::close);
  }

  @Test
  void aCancelledCommandDoesNotPoisonItsConnection() throws Exception {
    redis.pause();
    List<CompletableFuture<Long>> cancelled = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      cancelled.add(pool.submit(commands -> commands.incr(Script.arg("a"))));
    }
    cancelled.forEach(command -> command.cancel(false));
    redis.resume();
    assertThat(pool.submit(commands -> commands.append(Script.arg("b"), Script.arg("xyz"))).get())
        .isEqualTo(3);
  }

  @Test
  void aSilentServerFailsCommandsAndTheirConnectionIsReplaced() throws Exception {
    RedisSettings hasty =
        new RedisSettings(
            redis.uri(), Duration.ofMillis(200), new RedisSettings.Pool(4, Duration.ofSeconds(2)));
    try (RedisPool impatient = redis.pool(hasty, new SimpleMeterRegistry())) {
      impatient.ping().toCompletableFuture().get(2, TimeUnit.SECONDS);
      redis.pause();
      CompletableFuture<String> ping = impatient.submit(RedisAsyncCommands::ping);
      assertThatThrownBy(() -> ping.get(2, TimeUnit.SECONDS))
          .isInstanceOf(ExecutionException.class)
          .hasCauseInstanceOf(RedisLostException.class);
      redis.resume();
      impatient.ping().toCompletableFuture().get(2, TimeUnit.SECONDS);
    }
  }

  @Test
  void killedConnectionsAreReplaced() throws Exception {
    LeasedConnection lease = pool.lease("victim", Keeping.BRIEFLY);
    lease.await(lease.commands().ping());
    pool.ping().toCompletableFuture().get(2, TimeUnit.SECONDS);
    CompletableFuture<?> blocked =
        lease.commands().blpop(5, Script.arg("nothing")).toCompletableFuture();
    for (String line : redis.commands().clientList().lines().toList()) {
      if (line.contains("name=sluice-test")) {
        long id = Long.parseLong(line.substring(3, line.indexOf(' ')));
        redis.commands().clientKill(io.lettuce.core.KillArgs.Builder.id(id));
      }
    }
    assertThatThrownBy(() -> blocked.get(2, TimeUnit.SECONDS))
        .isInstanceOf(ExecutionException.class);
    assertThat(lease.open()).isFalse();
    lease.close();
    await()
        .untilAsserted(
            () ->
                assertThat(pool.ping().toCompletableFuture())
                    .as("once the loss is noticed")
                    .succeedsWithin(Duration.ofSeconds(2)));
  }

  @Test
  void commandsWaitWhileRedisIsAwayAndRunWhenItIsBack() throws Exception {
    pool.ping().toCompletableFuture().get(2, TimeUnit.SECONDS);
    redis.kill();
    await().until(() -> registry.get("sluice.redis.pool.created").gauge().value() == 0);
    CompletableFuture<String> ping = pool.submit(RedisAsyncCommands::ping);
    redis.restart();
    assertThat(ping.get(5, TimeUnit.SECONDS)).isEqualTo("PONG");
  }

  @Test
  void closingFailsWhoeverWaitsAndEndsABlockedRead() throws Exception {
    LeasedConnection lease = pool.lease("reader", Keeping.BRIEFLY);
    CompletableFuture<?> blocked =
        lease.commands().blpop(60, Script.arg("nothing")).toCompletableFuture();
    long start = System.nanoTime();
    pool.close();
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(2));
    assertThatThrownBy(() -> blocked.get(1, TimeUnit.SECONDS))
        .isInstanceOf(ExecutionException.class);
    assertThatThrownBy(() -> pool.lease("late", Keeping.BRIEFLY))
        .isInstanceOf(RedisLostException.class);
  }

  @Test
  void everySocketIsInTheLedgerWithItsDescriptor() {
    try (LeasedConnection lease = pool.lease("one", Keeping.BRIEFLY)) {
      lease.await(lease.commands().ping());
      assertThat(redis.ledger().entries())
          .filteredOn(entry -> entry.kind() == ResourceKind.REDIS)
          .isNotEmpty()
          .allSatisfy(entry -> assertThat(entry.descriptor()).isPositive());
    }
  }

  @Test
  void aWrongServerIsRefusedInOneLine() {
    RedisSettings nowhere =
        new RedisSettings(
            "redis://127.0.0.1:1",
            Duration.ofSeconds(1),
            new RedisSettings.Pool(4, Duration.ofSeconds(1)));
    assertRefused(nowhere, "Redis at 127.0.0.1:1 cannot be reached");
    redis.commands().configSet("maxmemory", "100mb");
    redis.commands().configSet("maxmemory-policy", "allkeys-lru");
    try {
      assertRefused(redis.settings(4), "maxmemory-policy allkeys-lru");
    } finally {
      redis.commands().configSet("maxmemory-policy", "noeviction");
      redis.commands().configSet("maxmemory", "0");
    }
  }

  private static void assertRefused(RedisSettings settings, String text) {
    TestLedger ledger = new TestLedger();
    assertThatThrownBy(() -> RedisPool.open(settings, "test", ledger, new SimpleMeterRegistry()))
        .isInstanceOf(RedisUnavailableException.class)
        .hasMessageContaining(text)
        .satisfies(e -> assertThat(e.getMessage()).doesNotContain("\n"));
    await().untilAsserted(() -> assertThat(ledger.entries()).isEmpty());
  }

  private int redisSockets() {
    return redis.ledger().open().getOrDefault(ResourceKind.REDIS, 0);
  }
}
