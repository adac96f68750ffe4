package io.sluice.frontier.shard;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.core.lease.Ending;
import io.sluice.core.lease.Lease;
import io.sluice.core.lease.LeaseId;
import io.sluice.core.lease.Offer;
import io.sluice.core.lease.Settlement;
import io.sluice.frontier.TestConfig;
import io.sluice.frontier.queue.HostQueue;
import io.sluice.frontier.state.Journals;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Pages that are to be visited again outlive stops, kills and power failures. */
class RecrawlRecoveryTest extends RecrawlFixture {

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void theCalendarIsTheSameAfterEachStopAndKill(long seed) throws IOException {
    Random random = new Random(seed);
    queueBytes = 2000; // most of it is on disk
    create();
    for (int i = 0; i < 60; i++) {
      offer(Offer.seed(TestConfig.url("http://h" + i % 7 + ".test/" + i)));
    }
    start();
    for (int step = 0; step < 400; step++) {
      if (!taken.isEmpty() && random.nextInt(8) > 0) {
        settle(taken.removeFirst(), somehow(random));
      } else {
        pass(Duration.ofMillis(random.nextInt(40_000)));
      }
      if (random.nextInt(25) == 0) {
        Map<Long, List<String>> calendar = calendar();
        Map<String, Long> waiting = waiting();
        List<Lease> out = List.copyOf(taken);
        if (random.nextBoolean()) {
          turn(new Message.Close(new CompletableFuture<>()));
        } else {
          shard.close();
        }
        open();
        assertThat(calendar()).isEqualTo(calendar);
        assertThat(waiting()).isEqualTo(waiting);
        assertThat(shard.leasesOut()).hasSameElementsAs(out.stream().map(Lease::id).toList());
        taken.addAll(out);
        start();
      }
    }
    assertThat(shard.snapshot().done().get(Ending.PAGE)).isGreaterThan(60L);
    assertThat(store.state().queues().nextNumber()).as("segments written").isGreaterThan(5);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void noPageIsLostWhenThePowerFails(long seed) throws IOException {
    Random random = new Random(seed);
    queueBytes = 2000;
    create();
    for (int i = 0; i < 60; i++) {
      offer(Offer.seed(TestConfig.url("http://h" + i % 7 + ".test/" + i)));
    }
    start();
    for (int step = 0; step < 400; step++) {
      if (!taken.isEmpty() && random.nextInt(4) > 0) {
        done(taken.removeFirst(), version(random.nextInt(2)));
      } else {
        pass(Duration.ofMillis(random.nextInt(40_000)));
      }
      if (random.nextInt(25) == 0) {
        failPower(random);
        assertThat(pages()).hasSize(60).doesNotHaveDuplicates();
        start();
      }
    }
    assertThat(shard.snapshot().done().get(Ending.PAGE)).isGreaterThan(60L);
  }

  /** Drops all or part of the data that was not synced; leases that are then out are given back. */
  private void failPower(Random random) throws IOException {
    Path journal = Journals.file(store);
    int durable = (int) Journals.durableLength(store);
    shard.close();
    byte[] written = Files.readAllBytes(journal);
    int kept = durable + random.nextInt(written.length - durable + 1);
    Files.write(journal, Arrays.copyOf(written, kept));
    open();
    for (LeaseId out : shard.leasesOut()) {
      turn(
          new Message.Settle(
              out.sequence(), new Settlement.GiveBack(), List.of(), new CompletableFuture<>()));
    }
  }

  private List<String> pages() throws IOException {
    List<String> found = new ArrayList<>();
    for (HostQueue host : store.state().hosts()) {
      store.state().queues().visit(host, (_, url) -> found.add(url.unpack().href()));
    }
    return found;
  }

  private Settlement somehow(Random random) {
    return switch (random.nextInt(8)) {
      case 0 -> new Settlement.GiveBack();
      case 1 -> new Settlement.Done(ended(Ending.FAILED, 0), List.of());
      case 2 -> new Settlement.Done(ended(Ending.PAGE, 404), List.of());
      case 3 -> new Settlement.Done(ended(Ending.UNCHANGED, 304), List.of());
      default ->
          new Settlement.Done(ended(Ending.PAGE, 200), List.of(), version(random.nextInt(2)));
    };
  }

  private Map<String, Long> waiting() {
    Map<String, Long> found = new TreeMap<>();
    store.state().hosts().forEach(host -> found.put(host.name(), host.size()));
    found.put("planned", store.state().calendar().size());
    found.put("queued", store.state().queued());
    return found;
  }
}
