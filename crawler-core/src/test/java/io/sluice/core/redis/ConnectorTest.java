package io.sluice.core.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.core.resource.ResourceKind;
import io.sluice.core.testing.RedisExtension;
import io.sluice.core.testing.TestRedis;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Closing in the midst of connecting; that no socket stays is looked at after every test. */
@ExtendWith(RedisExtension.class)
class ConnectorTest {

  private static final int ROUNDS = 100;

  private static Connector connector(TestRedis redis) throws RedisUnavailableException {
    return new Connector(redis.settings(2), "sluice-test", RedisPool.WINDOW, redis.ledger());
  }

  @Test
  void attemptsUnderWayEndWithIt(TestRedis redis) throws Exception {
    for (int round = 0; round < ROUNDS; round++) {
      Connector connector = connector(redis);
      CompletableFuture<?> attempt = connector.open().toCompletableFuture();
      connector.close();
      assertThat(attempt).isDone();
      assertThat(redis.ledger().open()).doesNotContainKey(ResourceKind.REDIS);
    }
  }

  @Test
  void attemptsOfTheLoopItselfEndWithIt(TestRedis redis) throws Exception {
    for (int round = 0; round < ROUNDS; round++) {
      Connector connector = connector(redis);
      CompletableFuture<CompletableFuture<?>> attempt = new CompletableFuture<>();
      connector.loop().execute(() -> attempt.complete(connector.open().toCompletableFuture()));
      connector.close();
      assertThat(attempt.get(1, TimeUnit.SECONDS)).isDone();
      assertThat(redis.ledger().open()).doesNotContainKey(ResourceKind.REDIS);
    }
  }

  @Test
  void nothingIsOpenedAfterIt(TestRedis redis) throws Exception {
    Connector connector = connector(redis);
    connector.close();
    assertThat(connector.open().toCompletableFuture()).isCompletedExceptionally();
  }
}
