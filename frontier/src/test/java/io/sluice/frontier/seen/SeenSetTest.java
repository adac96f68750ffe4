package io.sluice.frontier.seen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.core.testing.TestLedger;
import io.sluice.frontier.journal.Disk;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Executor;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SeenSetTest {

  @TempDir Path dir;
  private final TestLedger ledger = new TestLedger();
  private final Deferred merges = new Deferred();
  private final SplittableRandom random = new SplittableRandom(5);
  private Disk disk = Disk.SYSTEM;

  @AfterEach
  void nothingIsLeftOpen() {
    assertThat(ledger.entries()).isEmpty();
  }

  @Test
  void aSetInMemoryNeverSpills() throws IOException {
    SeenSet set = SeenSet.inMemory();
    assertThat(set.add(7)).isTrue();
    assertThat(set.add(7)).isFalse();
    set.prepare(new long[] {7, 8}, 2);
    assertThat(set.contains(7)).isTrue();
    assertThat(set.contains(8)).isFalse();
    assertThat(set.worthSpill()).isFalse();
    assertThat(set.runs()).isEmpty();
    assertThat(set.diskBytes()).isZero();
    set.close();
  }

  @Test
  void aSetThatNeverSpilledHasNoFiles() throws IOException {
    try (SeenSet set = open(merges, List.of(), 1)) {
      set.spill();
      assertThat(set.runs()).isEmpty();
    }
    assertThat(files()).isEmpty();
  }

  @Test
  void everyFingerprintAndNoNeighbourOfItIsSeenWhateverThePagesHold() throws IOException {
    for (int count : new int[] {1, 2, 126, 127, 128, 253, 254, 255, 127 * 70 + 1}) {
      try (SeenSet set = open(merges, List.of(), count)) {
        for (int i = 0; i < count; i++) {
          set.add(evenly(i, count));
        }
        set.spill();
        for (int i = 0; i < count; i++) {
          long fingerprint = evenly(i, count);
          set.prepare(new long[] {fingerprint, fingerprint + 1}, i % 3);
          assertThat(set.contains(fingerprint)).isTrue();
          assertThat(set.contains(fingerprint + 1)).isFalse();
          assertThat(set.contains(fingerprint - 1)).isFalse();
        }
      }
    }
  }

  /** The {@code i}-th of {@code count} numbers that are spread evenly over all values of a long. */
  private static long evenly(int i, int count) {
    return Long.MIN_VALUE + i * (Long.MAX_VALUE / count * 2);
  }

  @Test
  void fingerprintsThatAreNotSpreadEvenlyAreFoundToo() throws IOException {
    long[] odd = {Long.MIN_VALUE, -1, 0, 1, Long.MAX_VALUE - 1, Long.MAX_VALUE};
    try (SeenSet set = open(merges, List.of(), 1)) {
      for (int i = 0; i < 5000; i++) {
        set.add(1000 + 2 * i);
      }
      for (long fingerprint : odd) {
        set.add(fingerprint);
      }
      set.spill();
      for (int i = 0; i < 5000; i++) {
        assertThat(set.contains(1000 + 2 * i)).isTrue();
        assertThat(set.contains(1001 + 2 * i)).isFalse();
      }
      set.prepare(odd, odd.length);
      for (long fingerprint : odd) {
        assertThat(set.contains(fingerprint)).isTrue();
      }
    }
  }

  @Test
  void whatIsAddedOrSpilledAfterItWasPreparedAsNewIsSeen() throws IOException {
    try (SeenSet set = open(merges, List.of(), 1)) {
      set.add(1);
      set.spill();
      set.prepare(new long[] {2, 3}, 2);
      set.add(2);
      assertThat(set.contains(2)).isTrue();
      set.spill();
      assertThat(set.contains(2)).isTrue();
      assertThat(set.contains(3)).isFalse();
    }
  }

  @Test
  void aFingerprintAskedAgainIsNotReadAgain() throws IOException {
    try (SeenSet set = open(merges, List.of(), 1)) {
      set.add(11);
      set.spill();
      assertThat(set.contains(11)).isTrue();
      // The page is damaged without the set's knowledge, so reading it fails.
      Files.write(seenFiles().file(1), new byte[8192]);
      assertThat(set.contains(11)).isTrue();
      set.prepare(new long[] {11, 11}, 2);
      assertThat(set.contains(11)).isTrue();
    }
  }

  @Test
  void aMergeTakesThePlaceOfItsInputsWhoseFilesStay() throws IOException {
    try (SeenSet set = open(merges, List.of(), 1)) {
      spill(set, 100);
      spill(set, 100);
      assertThat(set.installMerged()).isFalse();
      spill(set, 50); // spilled while the merge runs
      assertThat(merges.waiting()).isEqualTo(1);
      assertThat(set.files()).as("the run being made").contains(seenFiles().file(3));
      merges.runNext();
      assertThat(set.installMerged()).isTrue();
      assertThat(set.runs()).containsExactly(new RunName(3, 200), new RunName(4, 50));
      assertThat(set.size()).isEqualTo(250);
      assertThat(set.files()).doesNotContain(seenFiles().file(1));
      assertThat(files()).contains(seenFiles().file(1), seenFiles().file(2), seenFiles().file(3));
      assertThat(merges.waiting()).as("merging the merged one is not worth it").isZero();
    }
  }

  @Test
  void aFailedSyncOfAMergeComesOutAtTheShard() throws IOException {
    FailingDisk failing = new FailingDisk();
    disk = failing;
    try (SeenSet set = open(merges, List.of(), 1)) {
      spill(set, 10);
      spill(set, 10);
      failing.failing = true;
      merges.runNext();
      assertThatThrownBy(set::installMerged)
          .isInstanceOf(IOException.class)
          .hasMessageContaining("seen-3")
          .hasRootCauseMessage("injected");
      assertThatThrownBy(set::spill).isInstanceOf(IOException.class);
      assertThat(set.size()).isEqualTo(20);
    }
    assertThat(files()).containsExactly(seenFiles().file(1), seenFiles().file(2));
  }

  @Test
  void aFailedSyncOfASpillKeepsTheFingerprintsAndNoFile() throws IOException {
    FailingDisk failing = new FailingDisk();
    disk = failing;
    try (SeenSet set = open(merges, List.of(), 1)) {
      set.add(5);
      failing.failing = true;
      assertThatThrownBy(set::spill).hasMessageContaining("injected");
      assertThat(set.contains(5)).isTrue();
      assertThat(set.runs()).isEmpty();
    }
    assertThat(files()).isEmpty();
  }

  @Test
  void closingForgetsAMergeThatHasNotBegunAndDeletesOneThatIsNotInstalled() throws IOException {
    try (SeenSet set = open(merges, List.of(), 1)) {
      spill(set, 10);
      spill(set, 10);
    }
    merges.runNext();
    assertThat(files()).containsExactly(seenFiles().file(1), seenFiles().file(2));
    try (SeenSet set = open(Runnable::run, List.of(), 4)) {
      spill(set, 10);
      spill(set, 10);
      assertThat(files()).contains(seenFiles().file(6));
    }
    assertThat(files()).doesNotContain(seenFiles().file(6));
  }

  @Test
  void aMissingRunIsRefused() throws IOException {
    assertThatThrownBy(() -> open(merges, List.of(new RunName(9, 1)), 10))
        .hasMessageContaining("seen-9: is missing");
  }

  @Test
  void aFingerprintTakesFewBytesEvenWhileAllAreMerged() throws IOException {
    disk = new FailingDisk();
    int count = 4 << 20;
    int wholeMerges = 0;
    try (SeenSet set = SeenSet.open(seenFiles(), merges, 1 << 15, List.of(), 1)) {
      while (set.size() < count) {
        set.add(random.nextLong());
        if (set.worthSpill()) {
          set.spill();
          // The 2 MiB do not grow with the set: cache, window, table of recent fingerprints.
          assertThat(set.memoryBytes() - (2 << 20)).isLessThan((long) (2.25 * set.size()));
          wholeMerges += merges.waiting() > 0 && set.memoryBytes() > 2 * set.size() ? 1 : 0;
          if (merges.waiting() > 0) {
            merges.runNext();
            set.installMerged();
          }
        }
      }
      assertThat(wholeMerges).isPositive();
      assertThat((double) set.memoryBytes() / count).isLessThan(1.5);
      assertThat((double) set.diskBytes() / count).isLessThan(8.1);
      assertThat(set.runs()).hasSizeLessThan(7);
    }
  }

  private void spill(SeenSet set, int count) throws IOException {
    for (int i = 0; i < count; i++) {
      set.add(random.nextLong());
    }
    set.spill();
  }

  private SeenSet open(Executor executor, List<RunName> runs, long nextNumber) throws IOException {
    return SeenSet.open(seenFiles(), executor, 100, runs, nextNumber);
  }

  private SeenFiles seenFiles() {
    return new SeenFiles(disk, dir, 3, 24, ledger);
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(dir)) {
      return files.sorted().toList();
    }
  }

  /** Does not sync, or fails to sync. */
  private static final class FailingDisk implements Disk {
    private boolean failing;

    @Override
    public void sync(FileChannel channel) throws IOException {
      if (failing) {
        throw new IOException("injected");
      }
    }
  }
}
