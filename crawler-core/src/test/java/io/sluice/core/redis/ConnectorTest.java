package io.sluice.core.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.SocketOptions;
import io.sluice.core.resource.ResourceKind;
import io.sluice.core.testing.RedisExtension;
import io.sluice.core.testing.TestRedis;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Closes the connector while connections are being opened; each test checks at its end that no
 * socket is left.
 */
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

  @Test
  void aTcpConnectionIsProbedByTheKernelAndAUnixSocketIsNot() {
    SocketOptions tcp = Connector.socketOptions(Duration.ofSeconds(5), true, true);
    assertThat(tcp.isKeepAlive()).isTrue();
    assertThat(tcp.isEnableTcpUserTimeout()).isTrue();
    assertThat(tcp.getTcpUserTimeout().getTcpUserTimeout()).isEqualTo(Duration.ofSeconds(30));
    assertThat(Connector.socketOptions(Duration.ofSeconds(5), true, false))
        .as("without epoll")
        .returns(true, SocketOptions::isKeepAlive)
        .returns(false, SocketOptions::isEnableTcpUserTimeout);
    SocketOptions unix = Connector.socketOptions(Duration.ofSeconds(5), false, true);
    assertThat(unix.isKeepAlive()).isFalse();
  }
}
