package io.sluice.frontier.seen;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.core.testing.TestLedger;
import io.sluice.frontier.journal.Disk;
import io.sluice.frontier.journal.UnsyncedDisk;
import it.unimi.dsi.fastutil.longs.LongIterator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SeenSetOracleTest {

  private static final int STEPS = 400;

  private static final Disk NO_SYNC = new UnsyncedDisk();

  @TempDir Path dir;

  @Test
  void aSetSaysWhatAHashSetSaysWhateverHappensToItsRuns() throws IOException {
    for (int seed = 0; seed < 12; seed++) {
      new History(seed, Files.createDirectory(dir.resolve("seed-" + seed))).run();
    }
  }

  /** Random adds, lookups, spills, merges, checkpoints and crashes, from one seed. */
  private static final class History {
    private final Random random;
    private final Path directory;
    private final TestLedger ledger = new TestLedger();
    private final int recentLimit;
    private final List<Long> hot = new ArrayList<>();
    private Set<Long> oracle = new HashSet<>();
    private Deferred merges = new Deferred();
    private SeenSet set;

    // The checkpoint.
    private Set<Long> durable = new HashSet<>();
    private List<RunName> runs = List.of();
    private List<Long> recent = List.of();
    private long nextNumber = 1;

    @SuppressWarnings("NullAway.Init") // open() sets the remaining fields
    History(int seed, Path directory) throws IOException {
      this.random = new Random(seed);
      this.directory = directory;
      this.recentLimit = 1 + random.nextInt(2000);
      open();
    }

    void run() throws IOException {
      for (int step = 0; step < STEPS; step++) {
        act();
        assertThat(set.size()).isEqualTo(oracle.size());
      }
      set.close();
      assertThat(ledger.entries()).isEmpty();
    }

    private void act() throws IOException {
      switch (random.nextInt(12)) {
        case 0 -> set.spill();
        case 1 -> set.installMerged();
        case 2 -> mergeOne();
        case 3 -> checkpoint();
        case 4 -> crashNowAndThen();
        default -> offer();
      }
    }

    private void mergeOne() {
      if (merges.waiting() > 0) {
        merges.runNext();
      }
    }

    /**
     * One turn of a shard: it prepares some of its lookups, makes all of them, and adds the new
     * fingerprints.
     */
    private void offer() throws IOException {
      long[] asked = new long[random.nextInt(800)];
      for (int i = 0; i < asked.length; i++) {
        asked[i] = candidate();
      }
      if (random.nextInt(3) > 0) {
        set.prepare(asked, random.nextInt(asked.length + 1));
      }
      for (long fingerprint : asked) {
        boolean seen = set.contains(fingerprint);
        assertThat(seen).isEqualTo(oracle.contains(fingerprint));
        if (!seen && random.nextInt(4) > 0) {
          assertThat(set.add(fingerprint)).isTrue();
          oracle.add(fingerprint);
        }
        if (random.nextInt(2000) == 0 || set.worthSpill()) {
          set.spill();
        }
      }
    }

    private long candidate() {
      if (!hot.isEmpty() && random.nextInt(3) > 0) {
        return hot.get(random.nextInt(hot.size())) + (random.nextInt(20) == 0 ? 1 : 0);
      }
      long fresh = random.nextInt(50) == 0 ? random.nextInt(3) - 1 : random.nextLong();
      hot.add(fresh);
      return fresh;
    }

    private void checkpoint() throws IOException {
      if (random.nextBoolean()) {
        set.spill();
      }
      runs = set.runs();
      nextNumber = set.nextNumber();
      recent = new ArrayList<>();
      for (LongIterator all = set.recent(); all.hasNext(); ) {
        recent.add(all.nextLong());
      }
      durable = new HashSet<>(oracle);
      deleteUnused();
    }

    private void deleteUnused() throws IOException {
      try (Stream<Path> files = Files.list(directory)) {
        for (Path file : files.toList()) {
          if (!set.files().contains(file)) {
            Files.delete(file);
          }
        }
      }
    }

    private void crashNowAndThen() throws IOException {
      if (random.nextInt(3) == 0) {
        set.close();
        open();
      }
    }

    /** Opens the set from the checkpoint; fingerprints lost in a crash are no longer expected. */
    private void open() throws IOException {
      merges = new Deferred();
      SeenFiles files = new SeenFiles(NO_SYNC, directory, 0, 24, ledger);
      set = SeenSet.open(files, merges, recentLimit, runs, nextNumber);
      recent.forEach(set::add);
      oracle = new HashSet<>(durable);
    }
  }
}
