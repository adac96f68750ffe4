package io.sluice.frontier.shard;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.frontier.shard.RecoveryTrial.Fault;
import io.sluice.frontier.shard.RecoveryTrial.Power;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Makes each operation on the disk fail in turn, as SQLite's tests do: the N-th, for N = 1, 2 and
 * so on, until a crawl ends without a failure. {@code -Dsluice.frontier.faults=N} sets the number
 * of seeds, {@code -Dsluice.frontier.seed=S} the first one.
 */
class RecoveryTest {

  private static final int SEEDS = Integer.getInteger("sluice.frontier.faults", 1);
  private static final long FIRST = Long.getLong("sluice.frontier.seed", 1);

  @TempDir Path dir;
  private int trials;

  @Test
  void whicheverOperationOnTheDiskFailsNoPromiseIsBroken() throws IOException {
    for (long seed = FIRST; seed < FIRST + SEEDS; seed++) {
      for (Power power : Power.values()) {
        failEach(seed, false, power);
        failEach(seed, true, power);
      }
    }
    assertThat(trials).as("trials").isGreaterThan(SEEDS * 700);
  }

  private void failEach(long seed, boolean forEver, Power power) throws IOException {
    long operation = 1;
    while (struck(seed, new Fault(operation, forEver, power))) {
      operation++;
    }
  }

  private boolean struck(long seed, Fault fault) throws IOException {
    trials++;
    Path place = dir.resolve("trial-" + trials);
    try {
      return new RecoveryTrial(seed, place, fault).run();
    } catch (AssertionError | RuntimeException | IOException e) {
      throw new AssertionError("seed " + seed + ", " + fault, e);
    } finally {
      delete(place);
    }
  }

  private static void delete(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
