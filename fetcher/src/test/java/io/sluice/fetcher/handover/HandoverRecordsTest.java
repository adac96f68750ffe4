package io.sluice.fetcher.handover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lettuce.core.KillArgs;
import io.lettuce.core.XAddArgs;
import io.sluice.core.lease.LeaseId;
import io.sluice.core.lifecycle.Deadline;
import io.sluice.core.message.Body;
import io.sluice.core.message.Capture;
import io.sluice.core.stream.Batch;
import io.sluice.core.stream.CommitResult;
import io.sluice.core.stream.Finished;
import io.sluice.core.stream.SlotRecord;
import io.sluice.fetcher.handover.PagePublisher.Handed;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Record-only entries in a real Redis, and the room that they take. */
class HandoverRecordsTest extends HandoverFixture {

  private static final RecordBounds THREE = new RecordBounds(3, 1 << 20);

  private Handover handover(RecordBounds bounds, LeaseId... outAtStart) throws Exception {
    return handover(pool, bounds, outAtStart);
  }

  private static Capture capture(int number) {
    return new Capture(
        "http://example.test/" + number,
        "GET /" + number + " HTTP/1.1",
        "HTTP/1.1 302 Found\r\nLocation: /x\r\n\r\n",
        "127.0.0.1",
        Instant.ofEpochMilli(1_750_000_000_000L),
        false,
        null,
        Body.of(new byte[10]));
  }

  private static List<Handed> publish(Handover handover, int count) throws Exception {
    List<CompletableFuture<Handed>> handed = new ArrayList<>();
    for (int number = 1; number <= count; number++) {
      handed.add(handover.publish(capture(number)).toCompletableFuture());
    }
    return answers(handed);
  }

  /** Commits entries as a worker would, and returns their URLs. */
  private List<String> commit(int max) {
    Batch batch = worker.read(max, 1 << 20, Duration.ofMillis(200));
    List<Finished> finished =
        batch.deliveries().stream().map(one -> new Finished(one.entryId(), null)).toList();
    SlotRecord record = new SlotRecord("w", List.of(), false);
    assertThat(worker.commit(batch.session(), record, finished, Duration.ofSeconds(5)))
        .isEqualTo(new CommitResult.Committed());
    return batch.deliveries().stream().map(one -> one.content().url()).toList();
  }

  private double owed() {
    return registry.get("sluice.outstanding.records").gauge().value();
  }

  @Test
  void entriesCrossWithoutLeaseAndOutcomeAndTheirRoomComesBackWhenTheyAreCommitted()
      throws Exception {
    Handover handover = handover(THREE);
    assertThat(handover.room().toCompletableFuture()).isCompleted();

    assertThat(publish(handover, 4))
        .as("never refused")
        .hasOnlyElementsOfType(Handed.Accepted.class);

    CompletableFuture<Void> room = handover.room().toCompletableFuture();
    assertThat(room).as("room beyond the bound").isNotDone();
    assertThat(owed()).isEqualTo(4);
    assertThat(commit(1)).containsExactly("http://example.test/1");
    await().until(() -> owed() == 3);
    assertThat(room).isNotDone();

    assertThat(commit(1)).containsExactly("http://example.test/2");

    await().until(room::isDone);
    assertThat(owed()).isEqualTo(2);
    assertThat(redis.commands().xlen(KEYS.outcomes())).isZero();
    assertThat(desk.settlements).isEmpty();
  }

  @Test
  void aVisitThatHasBegunTakesTheRoomOfAnEntryUntilItEnds() throws Exception {
    Handover handover = handover(THREE);
    publish(handover, 2);
    assertThat(handover.beginVisit()).isTrue();

    assertThat(handover.beginVisit()).as("with one place taken by a visit").isFalse();

    CompletableFuture<Void> room = handover.room().toCompletableFuture();
    assertThat(room).isNotDone();
    handover.visitEnded();
    assertThat(room).isCompleted();
    assertThat(handover.beginVisit()).isTrue();
    commit(2);
    await().until(() -> owed() == 0);
    assertThat(handover.beginVisit()).isTrue();
    assertThat(handover.beginVisit()).isTrue();
    assertThat(handover.beginVisit()).isFalse();
  }

  @Test
  void bytesTakeRoomAsWellAsEntries() throws Exception {
    Handover handover = handover(new RecordBounds(100, 700));
    publish(handover, 1);
    assertThat(handover.room().toCompletableFuture()).isCompleted();
    publish(handover, 1);
    CompletableFuture<Void> room = handover.room().toCompletableFuture();
    assertThat(room).isNotDone();

    commit(2);

    await().until(room::isDone);
    assertThat(registry.get("sluice.outstanding.records.bytes").gauge().value()).isZero();
  }

  @Test
  void aCrawlEndsOnceTheLastEntryIsCommittedThoughItWasAFormerProcesses() throws Exception {
    publish(handover(THREE), 2);
    handovers.getLast().close();
    Handover second = handover(THREE);
    CompletableFuture<Void> committed = second.recordsCommitted().toCompletableFuture();
    commit(1);
    await().until(() -> owed() == 1);
    assertThat(committed).isNotDone();
    commit(1);
    await().until(committed::isDone);
    assertThat(second.recordsCommitted().toCompletableFuture()).isCompleted();
  }

  @Test
  void aRestartTakesThemForNoLeaseAndCountsThemAgain() throws Exception {
    publish(handover(THREE), 3);
    handovers.getLast().close();

    Handover second = handover(THREE, new LeaseId(0, 1));

    assertThat(desk.givenBack).containsExactly(new LeaseId(0, 1));
    CompletableFuture<Void> room = second.room().toCompletableFuture();
    assertThat(room).isNotDone();
    assertThat(commit(10)).hasSize(3);
    await().until(room::isDone);
  }

  @Test
  void afterALostConnectionEachIsThereOnce() throws Exception {
    Handover handover = handover(new RecordBounds(10_000, 1 << 30));
    List<CompletableFuture<Handed>> handed = new ArrayList<>();
    for (int number = 1; number <= 600; number++) {
      handed.add(handover.publish(capture(number)).toCompletableFuture());
      if (number % 100 == 0) {
        redis.commands().clientKill(KillArgs.Builder.typeNormal().skipme());
      }
    }
    for (CompletableFuture<Handed> one : handed) {
      assertThat(one.get(20, TimeUnit.SECONDS)).isInstanceOf(Handed.Accepted.class);
    }
    assertThat(redis.commands().xlen(KEYS.pages())).isEqualTo(600);
  }

  @Test
  void aDrainWaitsForThemAsForPages() throws Exception {
    Handover handover = handover(THREE);
    CompletableFuture<Handed> handed = handover.publish(capture(1)).toCompletableFuture();

    assertThat(handover.drain(Deadline.in(Duration.ofSeconds(10))).forced()).isZero();

    assertThat(handed).isCompleted();
    assertThat(redis.commands().xlen(KEYS.pages())).isOne();
  }

  @Test
  void whatIsGivenToAClosedHandoverIsCertainlyNotThere() throws Exception {
    Handover handover = handover(THREE);
    handover.close();

    assertThat(handover.publish(capture(1)).toCompletableFuture().get(5, TimeUnit.SECONDS))
        .isEqualTo(new Handed.NotSent());
  }

  @Test
  void whatRedisLostIsCountedAndTakesNoRoom() throws Exception {
    Handover handover = handover(THREE);
    publish(handover, 3);
    CompletableFuture<Void> room = handover.room().toCompletableFuture();
    redis.commands().flushall();

    await().until(room::isDone);
    await().until(() -> registry.counter("sluice.records.lost").count() == 3);
  }

  @Test
  void whatRedisLostIsCountedThoughOtherEntriesCameBeforeTheLossWasSeen() throws Exception {
    Handover handover = handover(THREE);
    publish(handover, 3);
    CompletableFuture<Void> room = handover.room().toCompletableFuture();
    redis.commands().multi();
    redis.commands().flushall();
    redis.commands().xadd(KEYS.pages(), new XAddArgs().id("1-1"), Map.of("k", "0-1"));
    redis.commands().exec();

    await().until(room::isDone);
    assertThat(owed()).isZero();
    await().until(() -> registry.counter("sluice.records.lost").count() == 3);
  }

  @Test
  void whatRedisHasKeptOverARestartIsOwedAsBefore() throws Exception {
    Handover handover = handover(THREE);
    publish(handover, 3);
    redis.kill();
    redis.restart();

    assertThat(publish(handover, 1)).hasOnlyElementsOfType(Handed.Accepted.class);
    assertThat(commit(10)).hasSize(4);

    await().until(() -> owed() == 0);
    assertThat(registry.counter("sluice.records.lost").count()).isZero();
  }
}
