package io.sluice.parser.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.core.config.SluiceConfig;
import io.sluice.core.lease.Ending;
import io.sluice.core.message.Header;
import io.sluice.core.testing.RedisExtension;
import io.sluice.core.testing.TestRedis;
import io.sluice.parser.sink.TestPages;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
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
  void linkThatWasOfferedIsLeftOutUntilRedisLosesItsData() throws IOException {
    SluiceConfig config = partition.config("", "");
    try (ParserWorkers workers =
        ParserWorkers.open(config, partition.pool(), partition.ledger(), partition.registry())) {
      partition.publish(1, 1);
      partition.awaitOutcomes(1);
      partition.publish(2, 30);
      partition.awaitOutcomes(30);
      long offers = offersOfAll();
      // One offer for each of the two workers.
      assertThat(offers).isBetween(1L, 2L);

      partition.redis().commands().set("{p0}:epoch", "e2");
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
  void filesRotateBetweenBatches() throws IOException {
    partition.publish(1, 40);
    SluiceConfig small = partition.config("", ", rotate-size: 64KiB");
    for (long number = 41; number <= 80; number++) {
      partition.publish(TestPages.html(number, noise(number)));
    }
    try (ParserWorkers workers =
        ParserWorkers.open(small, partition.pool(), partition.ledger(), partition.registry())) {
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
}
