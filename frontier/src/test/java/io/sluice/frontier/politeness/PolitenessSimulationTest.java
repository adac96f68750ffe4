package io.sluice.frontier.politeness;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * {@code -Dsluice.seed=N} repeats one run; {@code -Dsluice.simulation.hosts=N} sets the number of
 * hosts of the large simulation, by default a million.
 */
class PolitenessSimulationTest {

  private static final int TRIALS = 150;

  @Test
  void noVisitIsEarlyOrOneTooManyAndNobodyStarves() {
    Random seeds = new Random(Long.getLong("sluice.seed", System.nanoTime()));
    for (int trial = 0; trial < TRIALS; trial++) {
      long seed = Long.getLong("sluice.seed", seeds.nextLong());
      run(seed, 1 + new Random(seed).nextInt(2000), 2);
    }
  }

  @Test
  void hostsThatShareMuchAndHaveMuchWorkTakeTurns() {
    Random seeds = new Random(Long.getLong("sluice.seed", System.nanoTime()));
    for (int trial = 0; trial < TRIALS; trial++) {
      long seed = Long.getLong("sluice.seed", seeds.nextLong());
      run(seed, 1 + new Random(seed).nextInt(300), 60);
    }
  }

  @Test
  void aMillionHostsWaitAndTheNextIsFoundAtOnce() {
    int hosts = Integer.getInteger("sluice.simulation.hosts", 1_000_000);
    run(Long.getLong("sluice.seed", System.nanoTime()), hosts, 2);
  }

  private static void run(long seed, int hosts, int urls) {
    try {
      PolitenessSimulation simulation = new PolitenessSimulation(seed, hosts, urls);
      simulation.run();
      assertThat(simulation.made()).isGreaterThanOrEqualTo(hosts);
    } catch (AssertionError | RuntimeException e) {
      throw new AssertionError("-Dsluice.seed=" + seed + " with " + hosts + " hosts: " + e, e);
    }
  }
}
