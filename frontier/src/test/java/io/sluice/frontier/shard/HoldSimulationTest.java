package io.sluice.frontier.shard;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Outages of hosts, name servers and the uplink, in virtual time. */
class HoldSimulationTest {

  private static final long SEED = Long.getLong("sluice.seed", 1);

  @TempDir Path dir;

  @Test
  void everyUrlWhoseHostCameBackInTimeIsFetchedOnceAndNoHostIsPestered() throws IOException {
    for (long seed = SEED; seed < SEED + 20; seed++) {
      crawl(seed, 200);
    }
  }

  @Test
  void theSameHoldsForTenThousandHosts() throws IOException {
    crawl(SEED + 1_000, 10_000);
  }

  private void crawl(long seed, int hosts) throws IOException {
    try {
      HoldSimulation simulation =
          new HoldSimulation(seed, hosts, Files.createDirectories(dir.resolve("crawl-" + seed)));
      simulation.run();
      assertThat(simulation.fetched()).isGreaterThan(hosts);
    } catch (AssertionError | RuntimeException e) {
      throw new AssertionError("with -Dsluice.seed=" + seed + ": " + e.getMessage(), e);
    }
  }
}
