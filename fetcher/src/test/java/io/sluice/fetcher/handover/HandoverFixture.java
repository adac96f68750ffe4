package io.sluice.fetcher.handover;

import static io.sluice.core.testing.TestRedis.CRAWL;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.sluice.core.lease.Ending;
import io.sluice.core.lease.Labels;
import io.sluice.core.lease.LeaseId;
import io.sluice.core.lease.Priority;
import io.sluice.core.lease.Reason;
import io.sluice.core.lease.UrlEnd;
import io.sluice.core.message.Body;
import io.sluice.core.message.Header;
import io.sluice.core.message.Outcome;
import io.sluice.core.message.Page;
import io.sluice.core.redis.RedisLostException;
import io.sluice.core.redis.RedisPool;
import io.sluice.core.resource.ResourceKind;
import io.sluice.core.stream.Batch;
import io.sluice.core.stream.Claimant;
import io.sluice.core.stream.CommitResult;
import io.sluice.core.stream.ConsumerSettings;
import io.sluice.core.stream.Delivery;
import io.sluice.core.stream.Finished;
import io.sluice.core.stream.Isolation;
import io.sluice.core.stream.Membership;
import io.sluice.core.stream.PageConsumer;
import io.sluice.core.stream.PartitionKeys;
import io.sluice.core.stream.SlotRecord;
import io.sluice.core.testing.RedisExtension;
import io.sluice.core.testing.TestRedis;
import io.sluice.fetcher.handover.PagePublisher.Handed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A handover through a real Redis, a desk that records its calls, and a worker that parses. */
@ExtendWith(RedisExtension.class)
abstract class HandoverFixture {

  static final RecordBounds BOUNDS = new RecordBounds(4, 1 << 20);
  static final PartitionKeys KEYS = TestRedis.KEYS;

  /** The target of the pages' refreshes; null if they have none. */
  @Nullable String target;

  static final Labels LABELS = new Labels(Priority.HIGH, "news");
  static final Duration BLOCK = Duration.ofMillis(50);

  final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  final RecordingDesk desk = new RecordingDesk();
  final List<Handover> handovers = new ArrayList<>();
  @TempDir Path dir;
  TestRedis redis;
  RedisPool pool;
  RedisPool workerPool;
  PageConsumer worker;
  long committed;

  @BeforeEach
  void open(TestRedis server) throws IOException {
    Files.createDirectories(dir.resolve("frontier"));
    redis = server;
    pool = redis.pool();
    workerPool = redis.pool();
    worker = worker();
  }

  @AfterEach
  void close() {
    worker.close();
    handovers.forEach(Handover::close);
    workerPool.close();
    pool.close();
    assertThat(redis.ledger().open())
        .as("left open")
        .doesNotContainKeys(ResourceKind.REDIS, ResourceKind.THREAD);
  }

  PageConsumer worker() {
    return PageConsumer.open(
        workerPool,
        new Membership(KEYS, dir, () -> CRAWL, "n", "holder"),
        "w",
        ConsumerSettings.claimingAfter(Duration.ofMinutes(1)),
        new Isolation(1),
        registry);
  }

  Handover handover(LeaseId... outAtStart) throws Exception {
    return handover(pool, outAtStart);
  }

  Handover handover(RedisPool on, LeaseId... outAtStart) throws Exception {
    return handover(on, BOUNDS, outAtStart);
  }

  Handover handover(RedisPool on, RecordBounds bounds, LeaseId... outAtStart) throws Exception {
    Handover handover = Handover.open(on, KEYS, claimant(), desk, bounds, redis.ledger(), registry);
    handovers.add(handover);
    desk.outAtStart = Set.of(outAtStart);
    handover.recover(desk, new CompletableFuture<>());
    return handover;
  }

  Claimant claimant() {
    return new Claimant(CRAWL, dir, "h", "sluice forget test --redis URI");
  }

  static LeaseId lease(int number) {
    return new LeaseId(0, number);
  }

  static Page page(int number) {
    return new Page(
        lease(number),
        "http://example.test/" + number,
        null,
        List.of(),
        4,
        LABELS,
        1,
        "HTTP/1.1",
        200,
        "OK",
        "GET / HTTP/1.1\r\n\r\n",
        List.of(new Header("Content-Type", "text/html")),
        "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n",
        "127.0.0.1",
        Instant.ofEpochMilli(1_749_999_999_990L),
        Instant.ofEpochMilli(1_750_000_000_000L),
        12,
        false,
        Body.of(new byte[100]));
  }

  static List<Handed> publish(Handover handover, int from, int to) throws Exception {
    List<CompletableFuture<Handed>> handed = new ArrayList<>();
    for (int number = from; number <= to; number++) {
      handed.add(handover.publish(page(number)).toCompletableFuture());
    }
    return answers(handed);
  }

  /** Waits for the publisher's answers, and returns them in order. */
  static List<Handed> answers(List<CompletableFuture<Handed>> handed) throws Exception {
    List<Handed> results = new ArrayList<>();
    for (CompletableFuture<Handed> one : handed) {
      results.add(one.get(20, TimeUnit.SECONDS));
    }
    return results;
  }

  /** Parses pages as a worker would, until none is left. */
  int parseAll() {
    int parsed = 0;
    int quiet = 0;
    while (quiet < 3) {
      int now = parseOnce();
      parsed += now;
      quiet = now == 0 ? quiet + 1 : 0;
    }
    return parsed;
  }

  int parseOnce() {
    try {
      Batch batch = worker.read(64, 1 << 20, BLOCK);
      if (batch.deliveries().isEmpty()) {
        return 0;
      }
      List<Finished> finished = batch.deliveries().stream().map(this::finish).toList();
      SlotRecord record = new SlotRecord("w", List.of(), false);
      CommitResult result = worker.commit(batch.session(), record, finished, Duration.ofSeconds(5));
      if (result instanceof CommitResult.Committed) {
        committed += finished.size();
        return finished.size();
      }
      return 0;
    } catch (RedisLostException e) {
      return 0;
    }
  }

  Finished finish(Delivery delivery) {
    Page page = (Page) delivery.content();
    UrlEnd end =
        new UrlEnd(
            Ending.PAGE,
            Reason.OK,
            200,
            page.ip(),
            page.fetchedAt(),
            page.fetchMillis(),
            100,
            target == null ? null : new UrlEnd.Target(target, null));
    return new Finished(
        delivery.entryId(),
        new Outcome(
            page.lease(),
            page.url(),
            page.depth(),
            page.labels(),
            end,
            null,
            target == null ? List.of() : List.of(page.url()),
            List.of(page.url() + "/a")));
  }
}
