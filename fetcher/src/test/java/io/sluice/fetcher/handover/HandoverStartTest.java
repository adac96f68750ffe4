package io.sluice.fetcher.handover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.sluice.core.lease.CrawlIdentity;
import io.sluice.core.lease.LeaseId;
import io.sluice.core.redis.RedisUnavailableException;
import io.sluice.core.stream.Batch;
import io.sluice.core.stream.SlotRecord;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What a starting fetcher finds in Redis: the leases of an earlier process, or another crawl. */
class HandoverStartTest extends HandoverFixture {

  @Test
  void aRestartKeepsWhatIsInRedisAppliesOutcomesAndGivesTheRestBack() throws Exception {
    Handover former = handover();
    publish(former, 1, 4);
    Batch batch = worker.read(2, 1 << 20, BLOCK);
    former.close();
    worker.commit(
        batch.session(),
        new SlotRecord("w", List.of(), false),
        batch.deliveries().stream().map(this::finish).toList(),
        Duration.ofSeconds(5));

    handover(lease(1), lease(2), lease(3), lease(4), lease(99));

    assertThat(desk.givenBack).containsExactly(lease(99));
    assertThat(desk.settlements).containsOnlyKeys(lease(1), lease(2));
    assertThat(redis.commands().xlen(KEYS.outcomes())).isZero();
    parseAll();
    await().until(() -> desk.settlements.size() == 4);
  }

  @Test
  void anEmptyRedisGivesEverythingBack() throws Exception {
    handover(lease(1), lease(2));
    assertThat(desk.givenBack).containsExactlyInAnyOrder(lease(1), lease(2));
    assertThat(redis.commands().get(KEYS.epoch())).isNotNull();
  }

  @Test
  void whatWasInTheHandsOfAFetcherThatDiedGetsAStrike() throws Exception {
    Handover former = handover();
    publish(former, 1, 2);
    die(former);

    assertThat(found(lease(1), lease(2), lease(3), lease(4))).isEmpty();

    assertThat(desk.struck).containsExactlyInAnyOrder(lease(3), lease(4));
    assertThat(desk.givenBack).isEmpty();
  }

  @Test
  void pagesThatRestedAtAnOrderlyStopAndAreGoneAreToldAndGetNoStrike() throws Exception {
    Handover former = handover();
    publish(former, 1, 5);
    former.close();
    redis.commands().xtrim(KEYS.pages(), 2);

    List<String> told = found(lease(1), lease(2), lease(3), lease(4), lease(5));

    assertThat(told).singleElement().asString().contains("3 of 5 pages that rested in Redis");
    assertThat(desk.givenBack).containsExactlyInAnyOrder(lease(1), lease(2), lease(3));
    assertThat(desk.struck).isEmpty();
  }

  @Test
  void aRedisThatLostItsDataAfterACrashIsToldAndNobodyGetsAStrike() throws Exception {
    Handover former = handover();
    publish(former, 1, 2);
    die(former);
    redis.commands().flushall();

    List<String> told = found(lease(1), lease(2), lease(3));

    assertThat(told).singleElement().asString().contains("lost its data", "3 pages");
    assertThat(desk.givenBack).containsExactlyInAnyOrder(lease(1), lease(2), lease(3));
    assertThat(desk.struck).isEmpty();
  }

  @Test
  void outcomesThatWereDeletedWhileNoFetcherRanAreToldOnce() throws Exception {
    Handover former = handover();
    desk.journaling = new CompletableFuture<>(); // nothing is journaled while former runs
    publish(former, 1, 3);
    parseAll();
    former.close();
    String epoch = redis.commands().get(KEYS.epoch());
    redis.commands().del(KEYS.outcomes());
    desk.journaling = CompletableFuture.completedFuture(null);

    List<String> told = found(lease(1), lease(2), lease(3));

    assertThat(told).singleElement().asString().contains("3 of 3 pages that rested");
    assertThat(redis.commands().get(KEYS.epoch()))
        .as("parsers forget what they know")
        .isNotEqualTo(epoch);
    handovers.getLast().close();
    assertThat(found()).as("at the next start").isEmpty();
  }

  @Test
  void aFrontierThatWasPutBackFromACopyIsTold() throws Exception {
    Handover first = handover();
    publish(first, 1, 2);
    first.close();
    Path note = dir.resolve("frontier/handover");
    byte[] old = Files.readAllBytes(note);
    Handover second = handover(lease(1), lease(2));
    parseAll();
    await().until(() -> desk.settlements.size() == 2);
    second.close();
    Files.write(note, old);

    List<String> told = found(lease(1), lease(2));

    assertThat(told).hasSize(2);
    assertThat(told.getFirst()).contains("older than Redis", "incarnation 2 there, 1 here");
    assertThat(told.getLast()).contains("2 of 2 pages that rested");
    assertThat(desk.struck).isEmpty();
  }

  @Test
  void aNoteThatIsDamagedCountsForNothing() throws Exception {
    handover().close();
    Path note = dir.resolve("frontier/handover");
    Files.writeString(note, Files.readString(note).replace("incarnation 1", "incarnation 7"));
    assertThat(found(lease(1))).singleElement().asString().contains("incarnation 1 there, 0 here");
  }

  @Test
  void aPartitionOfAnotherCrawlIsNotTouched() throws Exception {
    redis.own(KEYS, new CrawlIdentity("f".repeat(32)), "theirs");
    redis.commands().xadd(KEYS.outcomes(), Map.of("k", "0-1"));
    Handover second = Handover.open(pool, KEYS, claimant(), desk, BOUNDS, redis.ledger(), registry);
    handovers.add(second);
    assertThatThrownBy(() -> second.recover(desk, new CompletableFuture<>()))
        .isInstanceOf(RedisUnavailableException.class)
        .hasMessageContaining("sluice forget test");
    second.close();
    assertThat(redis.commands().xlen(KEYS.outcomes())).isEqualTo(1);
    assertThat(redis.commands().get(KEYS.epoch())).isEqualTo("theirs");
    assertThat(redis.commands().hget(KEYS.owner(), "state")).isEqualTo("running");
  }

  /** Ends a handover as a kill would, without writing the note. */
  private void die(Handover handover) throws Exception {
    Path note = dir.resolve("frontier/handover");
    byte[] noted = Files.readAllBytes(note);
    handover.close();
    Files.write(note, noted);
  }

  /** Starts another process with the given leases out; returns what it finds. */
  private List<String> found(LeaseId... out) throws Exception {
    Handover handover =
        Handover.open(pool, KEYS, claimant(), desk, BOUNDS, redis.ledger(), registry);
    handovers.add(handover);
    desk.outAtStart = Set.of(out);
    return handover.recover(desk, new CompletableFuture<>());
  }

  @Test
  void aSecondFetcherIsRefused() throws Exception {
    Handover first = handover();
    publish(first, 1, 1);
    Handover second = Handover.open(pool, KEYS, claimant(), desk, BOUNDS, redis.ledger(), registry);
    handovers.add(second);
    CompletableFuture<Void> noStop = new CompletableFuture<>();
    assertThatThrownBy(() -> second.recover(desk, Duration.ofMillis(200), noStop))
        .isInstanceOf(RedisUnavailableException.class)
        .hasMessageContaining("another fetcher of crawl test is connected");
  }

  @Test
  void aStopCutsTheRecoveryShort() throws Exception {
    desk.outAtStart = Set.of(lease(9));
    desk.givingBack = new CompletableFuture<>(); // the journal does not respond
    Handover next = Handover.open(pool, KEYS, claimant(), desk, BOUNDS, redis.ledger(), registry);
    handovers.add(next);
    CompletableFuture<Void> stop = new CompletableFuture<>();
    stop.completeOnTimeout(null, 200, TimeUnit.MILLISECONDS);
    long start = System.nanoTime();
    assertThatThrownBy(() -> next.recover(desk, stop))
        .isInstanceOf(RedisUnavailableException.class);
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
  }
}
