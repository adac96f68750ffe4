package io.sluice.frontier;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.sluice.core.lease.LeaseId;
import io.sluice.core.lease.Offer;
import io.sluice.core.testing.TestLedger;
import io.sluice.frontier.shard.CrawlLogs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kills the process that drives a frontier repeatedly, each time after a random number of facts.
 * {@code -Dsluice.kills=N} sets the number of kills, {@code -Dsluice.frontier.seed=S} the seed of
 * the random numbers.
 */
class KillTest {

  private static final int KILLS = Integer.getInteger("sluice.kills", 20);
  private static final int PAGES = 1000 * KILLS;
  private static final int MOST_FACTS = 2000;

  @TempDir Path dir;

  @Test
  @Timeout(value = 60, unit = TimeUnit.MINUTES)
  void aProcessKilledAtAnyMomentLosesAndRepeatsNothing() throws Exception {
    long seed = Long.getLong("sluice.frontier.seed", 1);
    Random random = new Random(seed);
    Facts facts = new Facts(dir.resolve("facts"), PAGES);
    for (int kill = 1; kill <= KILLS; kill++) {
      try {
        runAndKill(random.nextInt(MOST_FACTS));
        facts.readOn();
        if (random.nextBoolean()) {
          check(facts);
        }
      } catch (AssertionError e) {
        throw new AssertionError("seed " + seed + ", kill " + kill, e);
      }
    }
    runToTheEnd();
    facts.readOn();
    assertThat(logged())
        .containsExactlyInAnyOrderElementsOf(KilledProcess.web(PAGES))
        .containsAll(facts.done());
  }

  private void runAndKill(int afterFacts) throws Exception {
    try (ChildJvm child = start()) {
      byte[] progress = child.output().readNBytes(afterFacts);
      assertThat(progress).as("the web is too small to be killed in").hasSize(afterFacts);
    }
  }

  private void runToTheEnd() throws Exception {
    try (ChildJvm child = start()) {
      child.output().readAllBytes();
      assertThat(child.exit()).isZero();
    }
  }

  private ChildJvm start() throws IOException {
    return ChildJvm.start(
        KilledProcess.class,
        dir.toString(),
        dir.resolve("facts").toString(),
        String.valueOf(PAGES));
  }

  /** Opens the frontier that the process left and checks it against the facts. */
  private void check(Facts facts) throws Exception {
    try (Frontier frontier =
        Frontier.open(
            KilledProcess.config().build(), dir, new TestLedger(), new SimpleMeterRegistry())) {
      facts.recovered(
          frontier.outAtStart().stream().map(LeaseId::toString).collect(Collectors.toSet()));
      List<Offer> seen = facts.seen().stream().map(TestConfig::url).map(Offer::seed).toList();
      OfferCounts counts = frontier.offer(seen).toCompletableFuture().get(60, TimeUnit.SECONDS);
      assertThat(counts).isEqualTo(new OfferCounts(0, seen.size(), 0, null));
    }
  }

  private List<String> logged() throws IOException {
    List<String> urls = new ArrayList<>();
    try (Stream<Path> logs = Files.list(dir.resolve("output").resolve("crawl"))) {
      for (Path log : logs.toList()) {
        urls.addAll(CrawlLogs.urls(log));
      }
    }
    return urls;
  }
}
