package io.sluice.core.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.lettuce.core.KillArgs;
import io.lettuce.core.Range;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.sluice.core.config.RedisSettings;
import io.sluice.core.lease.LeaseId;
import io.sluice.core.lifecycle.Deadline;
import io.sluice.core.message.PageCodec;
import io.sluice.core.testing.RedisExtension;
import io.sluice.core.testing.TestRedis;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(RedisExtension.class)
class PageAppenderTest {

  private static final PartitionKeys KEYS = new PartitionKeys(0);

  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private TestRedis redis;
  private RedisPool pool;
  private PartitionStreams streams;
  private PageAppender appender;

  @BeforeEach
  void open(TestRedis server) {
    redis = server;
    pool = redis.pool();
    streams = new PartitionStreams(pool, KEYS);
    appender = PageAppender.open(pool, KEYS, 1_000, registry);
  }

  @AfterEach
  void close() {
    appender.close();
    pool.close();
  }

  private List<CompletableFuture<Appended>> append(int from, int to) {
    List<CompletableFuture<Appended>> results = new ArrayList<>();
    for (int number = from; number <= to; number++) {
      results.add(appender.append(PageCodec.encode(Samples.page(number))).toCompletableFuture());
    }
    return results;
  }

  private static List<Appended> all(List<CompletableFuture<Appended>> results) throws Exception {
    List<Appended> all = new ArrayList<>();
    for (CompletableFuture<Appended> result : results) {
      all.add(result.get(20, TimeUnit.SECONDS));
    }
    return all;
  }

  private List<String> leases() {
    return redis.commands().xrange(KEYS.pages(), Range.unbounded()).stream()
        .map(message -> message.getBody().get("k"))
        .toList();
  }

  private static List<String> leases(int from, int to) {
    List<String> leases = new ArrayList<>();
    for (int number = from; number <= to; number++) {
      leases.add(new LeaseId(0, number).toString());
    }
    return leases;
  }

  @Test
  void pagesArriveInOrderUnderIdsOfTheIncarnation() throws Exception {
    List<Appended> results = all(append(1, 2_000));

    assertThat(results).hasOnlyElementsOfType(Appended.There.class);
    assertThat(results.getFirst()).isEqualTo(new Appended.There("1000-1"));
    assertThat(leases()).isEqualTo(leases(1, 2_000));
  }

  @Test
  void resendingAfterKilledConnectionsGivesEachPageExactlyOnce() throws Exception {
    all(append(1, 1));
    List<CompletableFuture<Appended>> results = new ArrayList<>();
    List<CompletableFuture<Void>> barriers = new ArrayList<>();
    int last = 1;
    for (int round = 0; round < 20 || (resends() == 0 && round < 1_000); round++) {
      results.addAll(append(last + 1, last + 200));
      last += 200;
      redis.commands().clientKill(KillArgs.Builder.skipme());
      barriers.add(appender.answered().toCompletableFuture());
      if (round % 5 == 0) {
        all(results);
      }
    }
    assertThat(all(results)).hasOnlyElementsOfType(Appended.There.class);
    assertThat(leases()).isEqualTo(leases(1, last));
    assertThat(resends()).isPositive();
    assertThat(barriers).allMatch(CompletableFuture::isDone);
  }

  private double resends() {
    return registry.get("sluice.pages.append.resends").counter().count();
  }

  @Test
  void pagesWaitWhileTheServerIsAwayAndArriveOnce() throws Exception {
    all(append(1, 10));
    redis.kill();
    List<CompletableFuture<Appended>> waiting = append(11, 500);
    redis.restart();
    assertThat(all(waiting)).hasOnlyElementsOfType(Appended.There.class);
    assertThat(leases()).isEqualTo(leases(1, 500));
  }

  /** A pool that gives up a connection soon. */
  private RedisPool hastyPool() {
    return redis.pool(
        new RedisSettings(
            redis.uri(), Duration.ofMillis(300), new RedisSettings.Pool(5, Duration.ofSeconds(5))),
        registry);
  }

  /** Waits until what was given to appenders is written: each entry is taken, then pumped. */
  private static void sent(RedisPool through) throws Exception {
    for (int round = 0; round < 3; round++) {
      through.loop().submit(() -> {}).get(5, TimeUnit.SECONDS);
    }
  }

  @Test
  void aPausedServerLosesAndDoublesNothing() throws Exception {
    try (RedisPool hasty = hastyPool()) {
      appender = PageAppender.open(hasty, KEYS, 2_000, registry);
      all(append(1, 5));
      redis.pause();
      List<CompletableFuture<Appended>> waiting = append(6, 300);
      await().until(() -> resends() > 0); // the connection is given up
      redis.resume();
      assertThat(all(waiting)).hasOnlyElementsOfType(Appended.There.class);
      assertThat(leases()).isEqualTo(leases(1, 300));
      appender.close();
    }
  }

  @Test
  void aFullServerIsBackPressure() throws Exception {
    all(append(1, 1));
    redis.commands().configSet("maxmemory", "1");
    List<CompletableFuture<Appended>> waiting;
    try {
      waiting = append(2, 100);
      await().until(() -> registry.get("sluice.pages.append.refusals").counter().count() > 0);
      assertThat(waiting).noneMatch(CompletableFuture::isDone);
    } finally {
      redis.commands().configSet("maxmemory", "0");
    }
    assertThat(all(waiting)).hasOnlyElementsOfType(Appended.There.class);
    assertThat(leases()).containsExactlyInAnyOrderElementsOf(leases(1, 100));
  }

  @Test
  void whatIsThereAlreadyIsNotDoubledWhenItIsSentAgainAndRefused() throws Exception {
    try (RedisPool hasty = hastyPool()) {
      appender = PageAppender.open(hasty, KEYS, 2_000, registry);
      all(append(1, 5));
      redis.pause();
      List<CompletableFuture<Appended>> waiting = append(6, 50);
      sent(hasty); // the pages stand in the paused server's socket, ahead of what follows
      CompletableFuture<String> full =
          CompletableFuture.supplyAsync(() -> redis.commands().configSet("maxmemory", "1"));
      await().until(() -> resends() > 0); // the connection is given up
      redis.resume();
      full.get(5, TimeUnit.SECONDS);
      try {
        await().until(() -> registry.get("sluice.pages.append.refusals").counter().count() > 0);
      } finally {
        redis.commands().configSet("maxmemory", "0");
      }
      assertThat(all(waiting)).hasOnlyElementsOfType(Appended.There.class);
      assertThat(leases()).isEqualTo(leases(1, 50));
      appender.close();
    }
  }

  @Test
  void whatIsNeverSentIsSaidNotToBeThere() throws Exception {
    all(append(1, 1));
    redis.kill();
    List<CompletableFuture<Appended>> waiting = append(2, 3);
    await().until(() -> registry.get("sluice.redis.pool.opened") != null);
    appender.close();
    assertThat(all(waiting)).doesNotHaveAnyElementsOfTypes(Appended.There.class);
    redis.restart();
  }

  @Test
  void answeredCompletesWithTheLastAnswer() throws Exception {
    List<CompletableFuture<Appended>> results = append(1, 300);
    appender.answered().toCompletableFuture().get(10, TimeUnit.SECONDS);
    assertThat(results).allMatch(CompletableFuture::isDone);
    appender.answered().toCompletableFuture().get(1, TimeUnit.SECONDS);
  }

  @Test
  void incarnationsGrowWhateverTheClockSays() throws Exception {
    long first = streams.nextIncarnation(5_000);
    assertThat(first).isEqualTo(5_000);
    assertThat(streams.nextIncarnation(4_000)).isEqualTo(5_001);
    all(append(1, 1));
    redis.commands().del(KEYS.incarnation());
    assertThat(streams.nextIncarnation(10)).as("above the newest entry").isEqualTo(1_001);
  }

  @Test
  void aSecondFetcherIsRefusedWhileTheFirstIsConnected() throws Exception {
    all(append(1, 1));
    assertThatThrownBy(() -> streams.awaitNoPublisher(Deadline.in(Duration.ofMillis(100))))
        .isInstanceOf(RedisUnavailableException.class)
        .hasMessageContaining("another fetcher is connected for partition 0");
    appender.close();
    streams.awaitNoPublisher(Deadline.in(Duration.ofSeconds(5)));
  }

  @Test
  void revokedPagesAreNeitherPendingNorThere() throws Exception {
    all(append(1, 3));
    redis
        .commands()
        .xgroupCreate(io.lettuce.core.XReadArgs.StreamOffset.from(KEYS.pages(), "0-0"), "parsers");
    assertThat(streams.leasesInPages()).hasSize(3).containsEntry(new LeaseId(0, 2), "1000-2");
    assertThat(streams.revoke(List.of("1000-2", "1000-9"))).containsExactly(true, false);
    assertThat(streams.leasesInPages()).doesNotContainKey(new LeaseId(0, 2));
  }
}
