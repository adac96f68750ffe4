package io.sluice.core.stream;

import static io.sluice.core.testing.TestRedis.CRAWL;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lettuce.core.KillArgs;
import io.lettuce.core.Range;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.sluice.core.config.RedisSettings;
import io.sluice.core.lease.LeaseId;
import io.sluice.core.message.PageCodec;
import io.sluice.core.redis.RedisPool;
import io.sluice.core.testing.RedisExtension;
import io.sluice.core.testing.TestRedis;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(RedisExtension.class)
class PageAppenderTest {

  private static final PartitionKeys KEYS = TestRedis.KEYS;

  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private TestRedis redis;
  private RedisPool pool;
  private Ownership ownership;
  private PartitionStreams streams;

  /** The incarnations noted in a crawl directory. */
  private final List<Long> noted = new CopyOnWriteArrayList<>();

  private final AtomicBoolean unwritable = new AtomicBoolean();
  private PageAppender appender;

  @BeforeEach
  void open(TestRedis server) throws Exception {
    redis = server;
    pool = redis.pool();
    ownership = new Ownership(pool, KEYS, new Claimant(CRAWL, Path.of("/crawl"), "h", "forget it"));
    ownership.take(999, this::note);
    streams = new PartitionStreams(pool, KEYS, ownership);
    appender = PageAppender.open(pool, KEYS, ownership, this::renew, registry);
  }

  @AfterEach
  void close() {
    appender.close();
    pool.close();
  }

  private void note(long incarnation) throws IOException {
    if (unwritable.get()) {
      throw new IOException("no room");
    }
    noted.add(incarnation);
  }

  private CompletionStage<Long> renew() {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            return ownership.renew(this::note);
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        },
        task -> Thread.ofPlatform().start(task));
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

  /** A pool that soon gives up a silent connection. */
  private RedisPool hastyPool() {
    return redis.pool(
        new RedisSettings(
            redis.uri(), Duration.ofMillis(300), new RedisSettings.Pool(5, Duration.ofSeconds(5))),
        registry);
  }

  /** Waits until the entries given to appenders are written: each is taken, then pumped. */
  private static void sent(RedisPool through) throws Exception {
    for (int round = 0; round < 3; round++) {
      through.loop().submit(() -> {}).get(5, TimeUnit.SECONDS);
    }
  }

  @Test
  void aPausedServerLosesAndDoublesNothing() throws Exception {
    try (RedisPool hasty = hastyPool()) {
      appender = PageAppender.open(hasty, KEYS, ownership, this::renew, registry);
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
      appender = PageAppender.open(hasty, KEYS, ownership, this::renew, registry);
      all(append(1, 5));
      redis.pause();
      List<CompletableFuture<Appended>> waiting = append(6, 50);
      sent(hasty); // the pages are in the paused server's socket, ahead of later commands
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
  void whatIsAppendedAgainWhenItIsInDoubtHasItsAnswerToo() throws Exception {
    all(append(1, 1));
    redis.pause();
    CountDownLatch afterClose = new CountDownLatch(1);
    try {
      CompletableFuture<Appended> first = append(2, 2).getFirst();
      CompletableFuture<Appended> again =
          first.thenCompose(
              inDoubt -> {
                pool.loop().execute(() -> hold(afterClose)); // later entries are too late
                return append(2, 2).getFirst();
              });
      sent(pool);

      appender.close();

      assertThat(first.getNow(null)).isInstanceOf(Appended.Unknown.class);
      assertThat(again).isCompletedWithValue(new Appended.NotThere());
    } finally {
      afterClose.countDown();
      redis.resume();
    }
  }

  private static void hold(CountDownLatch latch) {
    try {
      assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void answeredCompletesWithTheLastAnswer() throws Exception {
    List<CompletableFuture<Appended>> results = append(1, 300);
    appender.answered().toCompletableFuture().get(10, TimeUnit.SECONDS);
    assertThat(results).allMatch(CompletableFuture::isDone);
    appender.answered().toCompletableFuture().get(1, TimeUnit.SECONDS);
  }

  @Test
  void aStrangersEntryAboveOursCostsANewIncarnationAndNoPage() throws Exception {
    all(append(1, 10));
    redis.commands().xadd(KEYS.pages(), Map.of("k", "somebody", "h", "else's"));

    assertThat(all(append(11, 600))).hasOnlyElementsOfType(Appended.There.class);

    assertThat(leases()).hasSize(601);
    List<String> ours = new ArrayList<>(leases());
    ours.remove("somebody");
    assertThat(ours).isEqualTo(leases(1, 600));
    assertThat(noted).as("the directory knows of it").hasSize(2).isSorted();
    assertThat(redis.commands().hget(KEYS.owner(), "incarnation"))
        .isEqualTo(noted.getLast().toString());
    assertThat(registry.counter("sluice.pages.append.renewals").count()).isEqualTo(1);
  }

  @Test
  void strangersWhoAppendAllTheTimeDelayPagesAndNothingElse() throws Exception {
    List<CompletableFuture<Appended>> results = new ArrayList<>();
    for (int number = 1; number <= 20; number++) {
      results.addAll(append(number, number));
      redis.commands().xadd(KEYS.pages(), Map.of("k", "somebody"));
    }
    assertThat(all(results)).hasOnlyElementsOfType(Appended.There.class);
    assertThat(leases().stream().filter(lease -> !lease.equals("somebody")))
        .containsExactlyInAnyOrderElementsOf(leases(1, 20));
  }

  @Test
  void pagesWaitWhileNoNewIncarnationCanBeTaken() throws Exception {
    unwritable.set(true);
    redis.commands().xadd(KEYS.pages(), Map.of("k", "somebody"));
    List<CompletableFuture<Appended>> results = append(1, 5);
    await().until(() -> registry.counter("sluice.pages.append.renewals").count() > 2);
    assertThat(results).noneMatch(CompletableFuture::isDone);
    unwritable.set(false);
    assertThat(all(results)).hasOnlyElementsOfType(Appended.There.class);
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
