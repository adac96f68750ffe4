package io.sluice.core.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lettuce.core.api.async.RedisAsyncCommands;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.sluice.core.resource.ResourceKind;
import io.sluice.core.testing.RedisExtension;
import io.sluice.core.testing.TestRedis;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Cancelling a waiting caller or a running command leaves the pool intact. */
@ExtendWith(RedisExtension.class)
class RedisPoolCancelTest {

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
  void cancelledWaitersLeakNothing() throws Exception {
    List<ExclusiveConnection> held = new ArrayList<>();
    for (int i = 0; i < 19; i++) {
      held.add(pool.exclusive("holder", Keeping.BRIEFLY));
    }
    for (int i = 0; i < 200; i++) {
      CompletableFuture<ExclusiveConnection> waiting =
          pool.exclusiveAsync("waiter", Keeping.BRIEFLY);
      waiting.cancel(false);
    }
    List<CompletableFuture<ExclusiveConnection>> racing = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      racing.add(pool.exclusiveAsync("racer", Keeping.BRIEFLY));
    }
    Thread cancelling = Thread.ofVirtual().start(() -> racing.forEach(r -> r.cancel(false)));
    held.forEach(ExclusiveConnection::close);
    assertThat(cancelling.join(Duration.ofSeconds(5))).isTrue();
    for (CompletableFuture<ExclusiveConnection> racer : racing) {
      if (!racer.isCancelled()) {
        racer.get(5, TimeUnit.SECONDS).close();
      }
    }
    await().until(() -> registry.get("sluice.redis.pool.leased").gauge().value() == 0);
    for (int i = 0; i < 19; i++) {
      held.set(i, pool.exclusive("again", Keeping.BRIEFLY));
    }
    held.forEach(ExclusiveConnection::close);
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
  void aStormOfCancelsLeaksNoConnectionAndGivesEachCallerItsOwnReply() throws Exception {
    Random random = new Random(4);
    for (int round = 0; round < 10; round++) {
      List<CompletableFuture<String>> echoes = new ArrayList<>();
      List<CompletableFuture<ExclusiveConnection>> leases = new ArrayList<>();
      for (int i = 0; i < 500; i++) {
        echoes.add(echo(round + "/" + i));
        leases.add(pool.exclusiveAsync("storm", Keeping.BRIEFLY));
        var _ = leases.getLast().thenAccept(ExclusiveConnection::close);
        int victim = random.nextInt(2 * i + 1);
        if (victim <= i) {
          echoes.get(victim).cancel(false);
          leases.get(i - victim).cancel(false);
        }
      }
      for (int i = 0; i < 500; i++) {
        if (!echoes.get(i).isCancelled()) {
          assertThat(echoes.get(i).get(20, TimeUnit.SECONDS)).isEqualTo(round + "/" + i);
        }
        if (!leases.get(i).isCancelled()) {
          leases.get(i).get(20, TimeUnit.SECONDS);
        }
      }
    }
    assertThat(RedisPoolTest.socketsAtServer(redis)).isLessThanOrEqualTo(20);
    await().untilAsserted(this::everythingIsIdle);
  }

  @Test
  void aCancelledRequestIsNoLongerCountedAsWaiting() {
    List<ExclusiveConnection> held = new ArrayList<>();
    for (int i = 0; i < 19; i++) {
      held.add(pool.exclusive("holder", Keeping.BRIEFLY));
    }
    List<CompletableFuture<ExclusiveConnection>> waiting = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      waiting.add(pool.exclusiveAsync("waiter", Keeping.BRIEFLY));
    }
    await().until(() -> gauge("waiting") == 100);
    waiting.subList(1, 100).forEach(one -> one.cancel(false));
    await().until(() -> gauge("waiting") == 1);
    held.forEach(ExclusiveConnection::close);
    waiting.getFirst().join().close();
    await().until(() -> gauge("waiting") == 0 && gauge("leased") == 0);
  }

  @Test
  void aConnectionThatWasEmptiedForARequestThatWasThenCancelledServesCommandsAgain()
      throws Exception {
    try (RedisPool three = redis.pool(redis.settings(3), new SimpleMeterRegistry())) {
      List<ExclusiveConnection> two =
          List.of(three.exclusive("one", Keeping.BRIEFLY), three.exclusive("two", Keeping.BRIEFLY));
      three.ping().toCompletableFuture().get(5, TimeUnit.SECONDS);
      two.forEach(ExclusiveConnection::close);
      redis.pause();
      List<CompletableFuture<String>> busy = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        busy.add(three.submit(RedisAsyncCommands::ping));
      }
      three.exclusiveAsync("gives up", Keeping.BRIEFLY).cancel(false);
      for (int i = 0; i < 3 * RedisPool.WINDOW - 10; i++) {
        busy.add(three.submit(RedisAsyncCommands::ping));
      }
      redis.resume();
      for (CompletableFuture<String> reply : busy) {
        assertThat(reply.get(5, TimeUnit.SECONDS)).isEqualTo("PONG");
      }
    }
  }

  private void everythingIsIdle() {
    assertThat(gauge("leased")).isZero();
    assertThat(gauge("waiting")).isZero();
    assertThat(gauge("idle")).isPositive().isEqualTo(gauge("connections"));
    assertThat(gauge("connections"))
        .isEqualTo(redis.ledger().open().getOrDefault(ResourceKind.REDIS, 0).doubleValue())
        .isLessThanOrEqualTo(gauge("max"));
  }

  private CompletableFuture<String> echo(String text) {
    CompletableFuture<byte[]> reply = pool.submit(commands -> commands.echo(Script.arg(text)));
    CompletableFuture<String> answer = reply.thenApply(Script::text);
    var _ =
        answer.whenComplete(
            (value, failure) -> {
              if (answer.isCancelled()) {
                reply.cancel(false);
              }
            });
    return answer;
  }

  private double gauge(String name) {
    return registry.get("sluice.redis.pool." + name).gauge().value();
  }
}
