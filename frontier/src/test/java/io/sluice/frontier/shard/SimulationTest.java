package io.sluice.frontier.shard;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SimulationTest {

  private static final int TRIALS = Integer.getInteger("sluice.frontier.trials", 500);

  @TempDir Path dir;

  @Test
  void everyCrawlEndsWithTheWholeWebWhateverStopsIt() throws IOException {
    for (int trial = 0; trial < TRIALS; trial++) {
      long seed = Long.getLong("sluice.frontier.seed", 1000) + trial;
      try {
        crawl(seed);
      } catch (AssertionError | RuntimeException | IOException e) {
        throw new AssertionError("seed " + seed, e);
      }
    }
  }

  private void crawl(long seed) throws IOException {
    Simulation simulation = new Simulation(seed, dir.resolve("trial-" + seed));
    simulation.run((int) (seed % 6));

    assertThat(simulation.reachable()).containsAll(simulation.promisedDone());
    assertThat(CrawlLogs.urls(simulation.crawlLog()))
        .containsExactlyInAnyOrderElementsOf(simulation.reachable());
  }
}
