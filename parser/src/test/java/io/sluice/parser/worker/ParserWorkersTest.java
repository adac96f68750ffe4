package io.sluice.parser.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.lettuce.core.api.StatefulRedisConnection;
import io.sluice.core.config.SluiceConfig;
import io.sluice.core.lease.CrawlIdentity;
import io.sluice.core.lease.Ending;
import io.sluice.core.lifecycle.Deadline;
import io.sluice.core.lifecycle.RunningTime;
import io.sluice.core.lifecycle.Stage.Drained;
import io.sluice.core.message.Header;
import io.sluice.core.redis.RedisUnavailableException;
import io.sluice.core.stream.NotAdmittedException;
import io.sluice.core.testing.RedisExtension;
import io.sluice.core.testing.TestRedis;
import io.sluice.parser.node.ParserNode;
import io.sluice.parser.sink.TestPages;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(RedisExtension.class)
final class ParserWorkersTest {

  private final PartitionHarness partition;

  ParserWorkersTest(TestRedis redis, @TempDir Path dir) {
    partition = new PartitionHarness(redis, dir);
  }

  @BeforeEach
  void begin() {
    partition.begin("e1");
  }

  @AfterEach
  void close() {
    partition.close();
  }

  @Test
  void pagesBecomeOutputAndOutcomes() throws IOException {
    partition.publish(1, 20);
    try (ParserWorkers workers = partition.open()) {
      partition.awaitOutcomes(20);
      partition.stop(workers);
    }

    assertThat(partition.redis().commands().xlen(PartitionHarness.PAGES)).isZero();
    assertThat(partition.outcomes())
        .hasSize(20)
        .allSatisfy(outcome -> assertThat(outcome.end().ending()).isEqualTo(Ending.PAGE))
        .allSatisfy(
            outcome ->
                assertThat(outcome.links())
                    .contains("http://a.test/next" + outcome.lease().sequence()));
    assertThat(partition.leasesInOutput())
        .containsExactlyInAnyOrderElementsOf(partition.leases(20));
    assertThat(partition.registry().counter("sluice.pages.parsed").count()).isEqualTo(20);
    assertThat(partition.registry().get("sluice.output").tag("sink", "warc").counter().count())
        .isPositive();
  }

  @Test
  void exchangesThatAreOnlyArchivedAreInTheWarcAloneAndHaveNoOutcome() throws IOException {
    for (int number = 1; number <= 20; number++) {
      partition.publish(TestPages.redirect(number));
      partition.publish(number, number);
    }
    try (ParserWorkers workers = partition.open()) {
      partition.awaitOutcomes(20);
      await().until(() -> partition.redis().commands().xlen(PartitionHarness.PAGES) == 0);
      partition.stop(workers);
    }

    assertThat(partition.outcomes()).hasSize(20);
    assertThat(partition.leasesInOutput())
        .containsExactlyInAnyOrderElementsOf(partition.leases(20));
    assertThat(partition.registry().counter("sluice.pages.parsed").count()).isEqualTo(20);
    assertThat(partition.registry().counter("sluice.records.written").count()).isEqualTo(20);
  }

  @Test
  void aBatchWhoseLinksOutgrowItIsCommittedInParts() throws IOException {
    for (int page = 1; page <= 6; page++) {
      StringBuilder html =
          new StringBuilder("<base href=http://a.test/" + "x".repeat(1_900) + "/>");
      for (int i = 0; i < 200; i++) {
        html.append("<a href=").append(page).append('-').append(i).append('>');
      }
      partition.publish(TestPages.html(page, html + "<a href=/" + page + ">"));
    }
    try (ParserWorkers workers = partition.open(partition.config(", batch-bytes: 64KiB", ""))) {
      partition.awaitOutcomes(6);
      partition.stop(workers);
    }
    assertThat(partition.outcomes())
        .hasSize(6)
        .allSatisfy(
            outcome ->
                assertThat(outcome.links())
                    .contains("http://a.test/" + outcome.lease().sequence()));
    assertThat(partition.leasesInOutput()).containsExactlyInAnyOrderElementsOf(partition.leases(6));
    assertThat(partition.registry().counter("sluice.batches").count()).isEqualTo(6);
  }

  @Test
  void linkThatWasOfferedIsLeftOutUntilRedisLosesItsData() throws IOException {
    SluiceConfig config = partition.config("", "");
    try (ParserWorkers workers = partition.open(config)) {
      partition.publish(1, 1);
      partition.awaitOutcomes(1);
      partition.publish(2, 30);
      partition.awaitOutcomes(30);
      long offers = offersOfAll();
      // One offer for each of the two workers.
      assertThat(offers).isBetween(1L, 2L);

      partition.redis().commands().set(TestRedis.KEYS.epoch(), "e2");
      partition.publish(31, 60);
      partition.awaitOutcomes(60);

      assertThat(offersOfAll()).isGreaterThan(offers);
      partition.stop(workers);
    }
    assertThat(partition.leasesInOutput())
        .containsExactlyInAnyOrderElementsOf(partition.leases(60));
  }

  private long offersOfAll() {
    return partition.outcomes().stream()
        .filter(o -> o.links().contains("http://a.test/all"))
        .count();
  }

  @Test
  void flushedRedisCostsNoOutputAndIsCounted() throws IOException {
    partition.publish(1, 20);
    try (ParserWorkers workers = partition.open()) {
      partition.awaitOutcomes(20);
      partition.redis().commands().flushall();
      partition.begin("e2");
      partition.publish(21, 40);
      partition.awaitOutcomes(20);
      partition.stop(workers);
    }

    assertThat(partition.leasesInOutput())
        .containsExactlyInAnyOrderElementsOf(partition.leases(40));
    assertThat(partition.registry().counter("sluice.output.unrecorded.files").count()).isPositive();
  }

  @Test
  void aStopDoesNotWaitForTheEpochOfAFlushedRedis() throws IOException {
    partition.publish(1, 20);
    try (ParserWorkers workers = partition.open()) {
      partition.awaitOutcomes(20);
      partition.redis().commands().flushall();
      partition.stop(workers);
    }
    assertThat(partition.leasesInOutput())
        .containsExactlyInAnyOrderElementsOf(partition.leases(20));
  }

  @Test
  void aStopOfTheWholeCrawlReadsTheStreamEmptyFirst() throws IOException {
    try (ParserWorkers workers = partition.open()) {
      partition.awaitOutcomes(0);
      partition.publish(1, 400);
      partition.fetcher("stopped");
      partition.stop(workers);
      assertThat(workers.resting()).hasValue(0);
    }
    assertThat(partition.leasesInOutput())
        .containsExactlyInAnyOrderElementsOf(partition.leases(400));
  }

  @Test
  void aStopThatTheSupervisorOrdersReadsTheStreamEmptyThoughTheFetcherDied() throws IOException {
    try (ParserWorkers workers = partition.open()) {
      partition.publish(1, 400);
      workers.drainStream(Duration.ofSeconds(10));
      partition.stop(workers);
    }
    assertThat(partition.leasesInOutput())
        .containsExactlyInAnyOrderElementsOf(partition.leases(400));
  }

  @Test
  void aFetcherThatIsStoppingIsWaitedForUntilItHasStopped() throws Exception {
    try (ParserWorkers workers = partition.open()) {
      partition.fetcher("stopping");
      workers.stopIntake();
      partition.publish(1, 20);
      partition.awaitOutcomes(20);
      partition.publish(21, 40);
      partition.fetcher("stopped");
      partition.stop(workers);
    }
    assertThat(partition.leasesInOutput())
        .containsExactlyInAnyOrderElementsOf(partition.leases(40));
  }

  @Test
  void aDrainThatRunsOutOfTimeCommitsWhatIsInHandAndLeavesTheRest() throws IOException {
    partition.publish(1, 4_000);
    partition.fetcher("stopped");
    try (ParserWorkers workers = partition.open()) {
      partition.awaitOutcomes(1);
      workers.drainStream(Duration.ofMillis(1));
      assertThat(workers.drain(Deadline.in(Duration.ofSeconds(10)))).isEqualTo(new Drained(2, 0));
      assertThat(workers.resting().orElseThrow())
          .isPositive()
          .isEqualTo(partition.redis().commands().xlen(PartitionHarness.PAGES));
    }
    assertThat(partition.redis().commands().xpending(PartitionHarness.PAGES, "parsers").getCount())
        .isZero();
    assertThat(partition.leasesInOutput()).hasSize(partition.outcomes().size());
  }

  @Test
  void aParserThatIsStoppedAloneLeavesTheRestToOthers() throws IOException {
    try (ParserWorkers workers = partition.open()) {
      partition.stop(workers);
      partition.publish(1, 10);
    }
    assertThat(partition.redis().commands().xlen(PartitionHarness.PAGES)).isEqualTo(10);
  }

  @Test
  void aDirectoryIsBoundToTheCrawlOfItsFirstCommitAndRefusesAnother() throws Exception {
    SluiceConfig config = partition.config("", "");
    ParserNode unbound = ParserNode.of(config, () -> null, partition.ledger());
    partition.publish(1, 5);
    try (ParserWorkers workers = partition.open(config, unbound)) {
      await().during(Duration.ofMillis(500)).until(() -> partition.outcomes().isEmpty());
      try (StatefulRedisConnection<String, String> fetcher = partition.connect()) {
        fetcher.sync().clientSetname("sluice-publisher:test.p0:1");
        partition.awaitOutcomes(5);
      }
      partition.stop(workers);
    }
    assertThat(partition.leasesInOutput()).containsExactlyInAnyOrderElementsOf(partition.leases(5));

    partition.redis().own(TestRedis.KEYS, new CrawlIdentity("f".repeat(32)), "e2");
    partition.publish(6, 9);
    ParserNode bound = ParserNode.of(config, () -> null, partition.ledger());
    assertThatThrownBy(() -> bound.membership().check(partition.pool(), new CompletableFuture<>()))
        .isInstanceOf(RedisUnavailableException.class)
        .hasMessageContainingAll("ffffffff", "01234567", "sluice forget test");
    try (ParserWorkers workers = partition.open(config, bound)) {
      assertThat(workers.failure().toCompletableFuture().get(10, TimeUnit.SECONDS))
          .isInstanceOf(NotAdmittedException.class);
    }
    assertThat(partition.redis().commands().xlen(PartitionHarness.PAGES)).isEqualTo(4);
    assertThat(partition.redis().commands().xpending(PartitionHarness.PAGES, "parsers").getCount())
        .isZero();
  }

  @Test
  void errorPagesOfferNothing() throws IOException {
    partition.publish(
        TestPages.page(
            1, 404, "<a href=x>x</a>", List.of(new Header("Content-Type", "text/html"))));
    try (ParserWorkers workers = partition.open()) {
      partition.awaitOutcomes(1);
      partition.stop(workers);
    }
    assertThat(partition.outcomes().getFirst().links()).isEmpty();
    assertThat(partition.outcomes().getFirst().end().status()).isEqualTo(404);
  }

  @Test
  void workersThatDieAnywhereLoseAndDoubleNothing() throws IOException {
    Random random = new Random(7);
    int published = 0;
    for (int life = 0; life < 6; life++) {
      partition.publish(published + 1, published + 40);
      published += 40;
      ParserWorkers workers = partition.open();
      await().pollDelay(Duration.ofMillis(random.nextInt(150))).until(() -> true);
      workers.close();
    }
    try (ParserWorkers workers = partition.open()) {
      partition.awaitOutcomes(published);
      partition.stop(workers);
    }

    assertThat(partition.outcomes().stream().map(outcome -> outcome.lease().toString()))
        .containsExactlyInAnyOrderElementsOf(partition.leases(published));
    assertThat(partition.leasesInOutput())
        .containsExactlyInAnyOrderElementsOf(partition.leases(published));
  }

  @Test
  void aSlotThatAKilledWorkerLeftIsRecoveredThoughAStopComesFirst() throws IOException {
    int published = 0;
    for (int life = 0; life < 6; life++) {
      partition.publish(published + 1, published + 40);
      published += 40;
      ParserWorkers killed = partition.open();
      partition.awaitOutcomes(published - 40 + 1);
      killed.close();
      try (ParserWorkers stopped = partition.open()) {
        stopped.drainStream(Duration.ofSeconds(10));
        partition.stop(stopped);
      }
    }
    assertThat(partition.leasesInOutput())
        .containsExactlyInAnyOrderElementsOf(partition.leases(published));
  }

  @Test
  void filesRotateBetweenBatches() throws IOException {
    partition.publish(1, 40);
    SluiceConfig small = partition.config("", ", rotate-size: 64KiB");
    for (long number = 41; number <= 80; number++) {
      partition.publish(TestPages.html(number, noise(number)));
    }
    try (ParserWorkers workers = partition.open(small)) {
      partition.awaitOutcomes(80);
      partition.stop(workers);
    }

    assertThat(partition.leasesInOutput())
        .containsExactlyInAnyOrderElementsOf(partition.leases(80));
    try (Stream<Path> files = Files.list(partition.dir().resolve("crawl/output/warc"))) {
      assertThat(files.count()).isGreaterThan(2);
    }
  }

  private static String noise(long seed) {
    Random random = new Random(seed);
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 2_000; i++) {
      text.append(Integer.toString(random.nextInt(1 << 30), 36)).append(' ');
    }
    return text.toString();
  }

  @Test
  void workersWaitForAFetcherAndStopWithoutOne() throws IOException {
    partition.redis().commands().flushall();
    try (ParserWorkers workers = partition.open()) {
      partition.stop(workers);
    }
    assertThat(partition.leasesInOutput()).isEmpty();
  }

  @Test
  void slotsOfDeadParsersAreSealedAtTheEndOfACrawl() throws IOException {
    partition.publish(1, 10);
    ParserWorkers workers = partition.open();
    partition.awaitOutcomes(10);
    workers.close();

    assertThat(
            ParserWorkers.sealAbandoned(
                partition.dir().resolve("crawl"),
                partition.node(partition.config("", "")),
                partition.pool(),
                partition.ledger(),
                partition.registry()))
        .isPositive();

    assertThat(partition.leasesInOutput())
        .containsExactlyInAnyOrderElementsOf(partition.leases(10));
  }

  @Test
  void workerThatHangsOnAPageEndsTheProcess() {
    AtomicBoolean halted = new AtomicBoolean();
    long[] now = {0};
    PageWatch watch = new PageWatch(() -> now[0]);
    watch.begin("http://a.test/slow");
    try (Watchdog watchdog =
        Watchdog.start(
            List.of(watch), Duration.ofSeconds(2), partition.ledger(), () -> halted.set(true))) {
      assertThat(watchdog).isNotNull();
      assertThat(halted).isFalse();
      now[0] = Duration.ofSeconds(3).toNanos();
      await().untilTrue(halted);
    }
  }

  @Test
  void aProcessThatStoodStillForAMinuteDoesNotEndForThePageInHand() {
    AtomicBoolean halted = new AtomicBoolean();
    AtomicLong now = new AtomicLong();
    AtomicLong looks = new AtomicLong();
    RunningTime time =
        new RunningTime(
            () -> {
              looks.incrementAndGet();
              return now.get();
            });
    time.watch();
    PageWatch watch = new PageWatch(time);
    watch.begin("http://a.test/page");
    try (Watchdog watchdog =
        Watchdog.start(
            List.of(watch), Duration.ofSeconds(2), partition.ledger(), () -> halted.set(true))) {
      assertThat(watchdog).isNotNull();
      passAndAwaitALook(Duration.ofMinutes(1), now, looks);
      passAndAwaitALook(Duration.ofMillis(900), now, looks);
      assertThat(halted).isFalse();

      now.addAndGet(Duration.ofMillis(900).toNanos());
      await().untilTrue(halted);
    }
  }

  private static void passAndAwaitALook(Duration time, AtomicLong now, AtomicLong looks) {
    now.addAndGet(time.toNanos());
    long before = looks.get();
    await().until(() -> looks.get() > before + 1); // the first may have begun before
  }
}
