package io.sluice.frontier.seen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.core.testing.TestLedger;
import io.sluice.frontier.journal.DamagedFileException;
import io.sluice.frontier.journal.Disk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunDamageTest {

  private static final int COUNT = 200;

  @TempDir Path dir;
  private final TestLedger ledger = new TestLedger();
  private Path file = Path.of("");
  private byte[] whole = {};

  /** A run of two pages. */
  @BeforeEach
  void write() throws IOException {
    try (SeenSet set = open(List.of())) {
      for (int i = 0; i < COUNT; i++) {
        set.add(fingerprint(i));
      }
      set.spill();
    }
    file = dir.resolve("seen-1");
    whole = Files.readAllBytes(file);
  }

  @AfterEach
  void nothingIsLeftOpen() {
    assertThat(ledger.entries()).isEmpty();
  }

  private static long fingerprint(int i) {
    return i * 0x9E3779B97F4A7C15L;
  }

  @Test
  void damageToAnyByteRefusesTheFileAtItsOpening() throws IOException {
    for (int at = 0; at < whole.length; at += nearAnEdge(at) ? 1 : 17) {
      byte[] bytes = whole.clone();
      bytes[at] ^= 0x10;
      Files.write(file, bytes);
      assertThatThrownBy(this::reopen).as("byte " + at).isInstanceOf(DamagedFileException.class);
    }
  }

  private boolean nearAnEdge(int at) {
    return at % 1024 < 20 || at % 1024 > 1010 || at > whole.length - 40;
  }

  @Test
  void aFileOfAnotherLengthIsRefused() throws IOException {
    for (int length : new int[] {0, 31, 32, 1024, whole.length - 1, whole.length + 1}) {
      Files.write(file, Arrays.copyOf(whole, length));
      assertThatThrownBy(this::reopen).as("length " + length).hasMessageContaining("damaged");
    }
  }

  @Test
  void pagesThatChangedPlacesAreRefused() throws IOException {
    byte[] swapped = whole.clone();
    System.arraycopy(whole, 1024, swapped, 2048, 1024);
    System.arraycopy(whole, 2048, swapped, 1024, 1024);
    Files.write(file, swapped);
    assertThatThrownBy(this::reopen).hasMessageContaining("byte 1024: a page is corrupt");
  }

  @Test
  void aRunUnderAnotherNumberIsRefused() throws IOException {
    Files.move(file, dir.resolve("seen-2"));
    assertThatThrownBy(() -> open(List.of(new RunName(2, COUNT))))
        .hasMessageContaining("another shard or generation");
  }

  @Test
  void damageThatComesLaterIsRefusedWhenItIsRead() throws IOException {
    try (SeenSet set = open(List.of(new RunName(1, COUNT)))) {
      byte[] bytes = whole.clone();
      bytes[1500] ^= 1;
      bytes[2500] ^= 1;
      Files.write(file, bytes);
      long[] all = new long[COUNT];
      Arrays.setAll(all, RunDamageTest::fingerprint);
      for (long fingerprint : all) {
        assertThatThrownBy(() -> set.contains(fingerprint))
            .isInstanceOf(DamagedFileException.class);
      }
      assertThatThrownBy(() -> set.prepare(all, COUNT)).isInstanceOf(DamagedFileException.class);
    }
  }

  private void reopen() throws IOException {
    open(List.of(new RunName(1, COUNT))).close();
  }

  private SeenSet open(List<RunName> runs) throws IOException {
    SeenFiles files = new SeenFiles(Disk.SYSTEM, dir, 0, 24, ledger);
    return SeenSet.open(files, Runnable::run, 100, runs, runs.size() + 1);
  }
}
