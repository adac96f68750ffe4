package io.sluice.core.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lettuce.core.api.StatefulRedisConnection;
import io.netty.util.concurrent.DefaultEventExecutor;
import io.netty.util.concurrent.Future;
import io.sluice.core.config.RedisSettings;
import io.sluice.core.resource.DescriptorCensus;
import io.sluice.core.resource.DescriptorRules;
import io.sluice.core.testing.RedisExtension;
import io.sluice.core.testing.TestLedger;
import io.sluice.core.testing.TestRedis;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Lookups of the name of a Redis server that is reached by TCP. */
@ExtendWith(RedisExtension.class)
class HostLookupsTest {

  private static final InetSocketAddress REDIS =
      InetSocketAddress.createUnresolved("redis.example", 6379);

  private final TestLedger ledger = new TestLedger();
  private final DefaultEventExecutor loop = new DefaultEventExecutor();

  @AfterEach
  void endTheLoop() {
    loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
  }

  @Test
  void aConnectionByNameOpensNoSocketThatNobodyOwns(TestRedis redis) throws Exception {
    DescriptorCensus census =
        new DescriptorCensus(redis.ledger(), new DescriptorRules(), Duration.ZERO);
    RedisSettings byName =
        new RedisSettings(
            redis.tcpUri(),
            Duration.ofSeconds(5),
            new RedisSettings.Pool(2, Duration.ofSeconds(5)));
    List<String> strays = new ArrayList<>(census.now().strays());
    Connector connector = new Connector(byName, "sluice-test", RedisPool.WINDOW, redis.ledger());
    StatefulRedisConnection<byte[], byte[]> connection =
        connector.open().toCompletableFuture().get(10, TimeUnit.SECONDS);

    assertThat(connection.sync().ping()).isEqualTo("PONG");
    assertThat(census.now().strays()).isEqualTo(strays);

    connector.close();
    assertThat(census.now().strays()).isEqualTo(strays);
  }

  @Test
  void aLookupBlocksAThreadOfItsOwnAndNotTheEventLoop() throws Exception {
    CountDownLatch answered = new CountDownLatch(1);
    InetAddress address = InetAddress.ofLiteral("192.0.2.1");
    try (HostLookups lookups =
        new HostLookups(
            _ -> {
              answered.await();
              return new InetAddress[] {address};
            },
            ledger)) {
      Future<InetSocketAddress> asked = lookups.getResolver(loop).resolve(REDIS);
      Future<?> otherWork = loop.submit(() -> {});
      assertThat(otherWork.await(10, TimeUnit.SECONDS)).isTrue();
      answered.countDown();
      assertThat(asked.get(10, TimeUnit.SECONDS)).isEqualTo(new InetSocketAddress(address, 6379));
    }
    assertThat(ledger.entries()).isEmpty();
  }

  @Test
  void aLookupThatHangsEndsWithTheClosing() throws Exception {
    CountDownLatch hanging = new CountDownLatch(1);
    CountDownLatch never = new CountDownLatch(1);
    HostLookups lookups =
        new HostLookups(
            _ -> {
              hanging.countDown();
              never.await();
              throw new UnknownHostException();
            },
            ledger);
    List<Future<InetSocketAddress>> asked = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      asked.add(lookups.getResolver(loop).resolve(REDIS));
    }
    assertThat(hanging.await(10, TimeUnit.SECONDS)).isTrue();

    lookups.close();

    for (Future<InetSocketAddress> one : asked) {
      assertThat(one.await(10, TimeUnit.SECONDS)).isTrue();
      assertThat(one.isSuccess()).isFalse();
    }
    assertThat(ledger.entries()).isEmpty();
  }

  @Test
  void aNameWithoutAnAddressFailsWithTheSystemsReason() throws Exception {
    try (HostLookups lookups =
        new HostLookups(
            host -> {
              throw new UnknownHostException(host);
            },
            ledger)) {
      Future<InetSocketAddress> asked = lookups.getResolver(loop).resolve(REDIS);
      assertThatThrownBy(() -> asked.get(10, TimeUnit.SECONDS))
          .hasCauseInstanceOf(UnknownHostException.class)
          .hasMessageContaining("redis.example");
    }
  }
}
