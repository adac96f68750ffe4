package io.sluice.core.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.lettuce.core.api.async.RedisAsyncCommands;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.sluice.core.config.RedisSettings;
import io.sluice.core.resource.ResourceKind;
import io.sluice.core.testing.LogLines;
import io.sluice.core.testing.RedisExtension;
import io.sluice.core.testing.TestLedger;
import io.sluice.core.testing.TestRedis;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
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
                      try (ExclusiveConnection lease = pool.exclusive("test", Keeping.BRIEFLY)) {
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
      ExclusiveConnection only = small.exclusive("first", Keeping.BRIEFLY);
      assertThatThrownBy(() -> small.exclusive("second", Keeping.BRIEFLY))
          .isInstanceOf(RedisLostException.class)
          .hasMessageContaining("redis.pool.acquire-timeout");
      assertThat(small.ping().toCompletableFuture())
          .as("one connection is left for shared commands")
          .succeedsWithin(Duration.ofSeconds(2));
      only.close();
      small.exclusive("third", Keeping.BRIEFLY).close();
    }
  }

  @Test
  void aSilentServerFailsCommandsAndTheirConnectionIsReplaced() throws Exception {
    RedisSettings hasty =
        new RedisSettings(
            redis.uri(), Duration.ofMillis(200), new RedisSettings.Pool(4, Duration.ofSeconds(2)));
    SimpleMeterRegistry meters = new SimpleMeterRegistry();
    try (RedisPool impatient = redis.pool(hasty, meters)) {
      impatient.ping().toCompletableFuture().get(2, TimeUnit.SECONDS);
      redis.pause();
      CompletableFuture<String> ping = impatient.submit(RedisAsyncCommands::ping);
      assertThatThrownBy(() -> ping.get(2, TimeUnit.SECONDS))
          .isInstanceOf(ExecutionException.class)
          .hasCauseInstanceOf(RedisLostException.class);
      assertThat(meters.get("sluice.redis.pool.command.timeouts").counter().count())
          .as("connections given up for their silence")
          .isPositive();
      redis.resume();
      impatient.ping().toCompletableFuture().get(2, TimeUnit.SECONDS);
    }
  }

  @Test
  void killedConnectionsAreReplaced() throws Exception {
    ExclusiveConnection lease = pool.exclusive("victim", Keeping.BRIEFLY);
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
    await().until(() -> registry.get("sluice.redis.pool.connections").gauge().value() == 0);
    CompletableFuture<String> ping = pool.submit(RedisAsyncCommands::ping);
    redis.restart();
    assertThat(ping.get(5, TimeUnit.SECONDS)).isEqualTo("PONG");
  }

  @Test
  void closingFailsLaterCallersAndEndsABlockedRead() throws Exception {
    ExclusiveConnection lease = pool.exclusive("reader", Keeping.BRIEFLY);
    CompletableFuture<?> blocked =
        lease.commands().blpop(60, Script.arg("nothing")).toCompletableFuture();
    long start = System.nanoTime();
    pool.close();
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(2));
    assertThatThrownBy(() -> blocked.get(1, TimeUnit.SECONDS))
        .isInstanceOf(ExecutionException.class);
    assertThatThrownBy(() -> pool.exclusive("late", Keeping.BRIEFLY))
        .isInstanceOf(RedisLostException.class);
  }

  @Test
  void anOpeningThatIsGivenUpWaitsForNothing() throws Exception {
    RedisSettings patient =
        new RedisSettings(
            redis.uri(), Duration.ofHours(1), new RedisSettings.Pool(2, Duration.ofHours(1)));
    CompletableFuture<Void> giveUp = new CompletableFuture<>();
    SimpleMeterRegistry meters = new SimpleMeterRegistry();
    redis.pause();
    try {
      Thread user = Thread.ofVirtual().start(() -> giveUp.complete(null));
      assertThatThrownBy(
              () -> RedisPool.open(patient, TestRedis.KEYS, "test", redis.ledger(), meters, giveUp))
          .isInstanceOf(RedisUnavailableException.class)
          .hasMessageContaining("no answer");
      user.join();
    } finally {
      redis.resume();
    }
  }

  @Test
  void everySocketIsInTheLedgerWithItsDescriptor() {
    try (ExclusiveConnection lease = pool.exclusive("one", Keeping.BRIEFLY)) {
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
    assertThatThrownBy(
            () ->
                RedisPool.open(settings, TestRedis.KEYS, "test", ledger, new SimpleMeterRegistry()))
        .isInstanceOf(RedisUnavailableException.class)
        .hasMessageContaining(text)
        .satisfies(e -> assertThat(e.getMessage()).doesNotContain("\n"));
    await().untilAsserted(() -> assertThat(ledger.entries()).isEmpty());
  }

  /** Number of the pool's connections by the server's own count. */
  static long socketsAtServer(TestRedis redis) {
    return redis
        .commands()
        .clientList()
        .lines()
        .filter(l -> l.contains("name=sluice-test"))
        .count();
  }

  @Test
  void leasesAreGrantedInTheOrderOfTheAskersAndNeverToMoreThanNineteenAtATime() throws Exception {
    List<Integer> granted = new CopyOnWriteArrayList<>();
    AtomicInteger out = new AtomicInteger();
    AtomicInteger mostOut = new AtomicInteger();
    List<CompletableFuture<?>> ends = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      int place = i;
      ends.add(
          pool.exclusiveAsync("asker", Keeping.BRIEFLY)
              .thenCompose(
                  lease -> {
                    granted.add(place);
                    mostOut.accumulateAndGet(out.incrementAndGet(), Math::max);
                    return lease
                        .commands()
                        .incr(Script.arg("counter"))
                        .whenComplete(
                            (n, failure) -> {
                              out.decrementAndGet();
                              lease.close();
                            });
                  }));
    }
    long atServer = 0;
    for (CompletableFuture<?> end : ends) {
      atServer = Math.max(atServer, end.isDone() ? 0 : socketsAtServer(redis));
      end.get(30, TimeUnit.SECONDS);
    }
    assertThat(granted).isEqualTo(IntStream.range(0, 500).boxed().toList());
    assertThat(mostOut).hasValueLessThanOrEqualTo(19);
    assertThat(atServer).isLessThanOrEqualTo(20);
    assertThat(socketsAtServer(redis)).isLessThanOrEqualTo(20);
    assertThat(registry.get("sluice.redis.pool.wait").timer().count()).isGreaterThanOrEqualTo(500);
  }

  @Test
  void fiveHundredCallersOfCommandsEachGetTheirOwnReplyOverAtMostTwentySockets() throws Exception {
    AtomicInteger right = new AtomicInteger();
    List<Thread> callers = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      int caller = i;
      callers.add(
          Thread.ofVirtual()
              .start(
                  () -> {
                    for (int round = 0; round < 20; round++) {
                      String mine = caller + "/" + round;
                      byte[] reply = pool.submit(c -> c.echo(Script.arg(mine))).join();
                      right.addAndGet(Script.text(reply).equals(mine) ? 1 : 0);
                    }
                  }));
    }
    long atServer = socketsAtServer(redis);
    for (Thread caller : callers) {
      assertThat(caller.join(Duration.ofSeconds(60))).isTrue();
    }
    assertThat(right).hasValue(10_000);
    assertThat(Math.max(atServer, socketsAtServer(redis))).isLessThanOrEqualTo(20);
  }

  @Test
  void theHolderOfAConnectionThatIsKeptTooLongIsNamedOnceUnlessItIsForLife() throws Exception {
    AtomicLong skippedNanos = new AtomicLong();
    SimpleMeterRegistry meters = new SimpleMeterRegistry();
    try (LogLines log = new LogLines(RedisPool.class.getPackage());
        RedisPool watched =
            RedisPool.open(
                redis.settings(4),
                TestRedis.KEYS,
                "watched",
                redis.ledger(),
                meters,
                () -> System.nanoTime() + skippedNanos.get())) {
      ExclusiveConnection forgotten = watched.exclusive("forgetful", Keeping.BRIEFLY);
      ExclusiveConnection reader = watched.exclusive("blocking-reader", Keeping.FOR_LIFE);
      await().until(() -> watched.holders().size() == 2);
      assertThat(watched.holders())
          .extracting(Holder::name)
          .containsExactly("forgetful", "blocking-reader");
      assertThat(meters.get("sluice.redis.pool.overdue").gauge().value()).isZero();

      skippedNanos.set(Duration.ofMinutes(2).toNanos());

      await().until(() -> kept(log).size() == 1);
      assertThat(meters.get("sluice.redis.pool.overdue").gauge().value()).isEqualTo(1);
      skippedNanos.set(Duration.ofMinutes(3).toNanos());
      forgotten.close();
      await().until(() -> meters.get("sluice.redis.pool.overdue").gauge().value() == 0);
      assertThat(kept(log))
          .singleElement()
          .asString()
          .startsWith("forgetful has kept a Redis connection for 12");
      reader.close();
    }
  }

  private static List<String> kept(LogLines log) {
    return log.warnings().stream().filter(line -> line.contains("kept a Redis")).toList();
  }

  @Test
  void anIdleConnectionThatNoLongerAnswersIsReplaced() throws Exception {
    AtomicLong skippedNanos = new AtomicLong();
    SimpleMeterRegistry meters = new SimpleMeterRegistry();
    try (RedisPool watched =
        RedisPool.open(
            redis.settings(4),
            TestRedis.KEYS,
            "watched",
            redis.ledger(),
            meters,
            () -> System.nanoTime() + skippedNanos.get())) {
      List<ExclusiveConnection> both =
          List.of(
              watched.exclusive("one", Keeping.BRIEFLY), watched.exclusive("two", Keeping.BRIEFLY));
      both.forEach(ExclusiveConnection::close);
      redis.pause(); // looks like a half-open connection to the client: it never answers
      await()
          .atMost(Duration.ofSeconds(20))
          .until(
              () -> {
                skippedNanos.addAndGet(Duration.ofSeconds(16).toNanos()); // idle, then silent
                return meters.get("sluice.redis.pool.command.timeouts").counter().count() >= 2;
              });
      redis.resume();
      assertThat(watched.ping().toCompletableFuture().get(10, TimeUnit.SECONDS)).isNotNull();
    } finally {
      redis.resume();
    }
  }

  private int redisSockets() {
    return redis.ledger().open().getOrDefault(ResourceKind.REDIS, 0);
  }
}
