package io.sluice.frontier.seen;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.core.testing.TestLedger;
import io.sluice.frontier.journal.Disk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MergeTest {

  @TempDir Path dir;
  private final TestLedger ledger = new TestLedger();
  private final StoppingDisk disk = new StoppingDisk();

  @Test
  void whatTwoRunsHoldIsKeptOnce() throws IOException {
    Merge merge = new Merge(seenFiles(), List.of(run(1, 0, 2000), run(2, 1000, 2500)), 3);
    merge.run();
    assertThat(merge.done()).isTrue();
    try (Run made = merge.take()) {
      assertThat(made.name()).isEqualTo(new RunName(3, 2500));
    }
    try (Run opened = Run.open(seenFiles(), new RunName(3, 2500))) {
      PageWindow window = PageWindow.inHeap(1);
      assertThat(opened.contains(2499, window)).isTrue();
      assertThat(opened.contains(2500, window)).isFalse();
    }
    assertThat(ledger.entries()).isEmpty();
  }

  @Test
  void aMergeToldToStopWhileItWritesLeavesNothing() throws IOException {
    Merge merge = new Merge(seenFiles(), List.of(run(1, 0, 20_000), run(2, 20_000, 40_000)), 3);
    disk.duringWrite = merge;
    merge.run();
    assertThat(merge.done()).isFalse();
    assertThat(seenFiles().file(3)).doesNotExist();
    assertThat(ledger.entries()).isEmpty();
  }

  @Test
  void aMergeToldToStopAtItsEndLeavesNothing() throws IOException {
    Merge merge = new Merge(seenFiles(), List.of(run(1, 0, 20), run(2, 20, 40)), 3);
    disk.duringSync = merge;
    merge.run();
    assertThat(merge.done()).isFalse();
    assertThat(seenFiles().file(3)).doesNotExist();
    assertThat(ledger.entries()).isEmpty();
  }

  private SeenFiles seenFiles() {
    return new SeenFiles(disk, dir, 0, 24, ledger);
  }

  private RunName run(long number, long from, long to) throws IOException {
    try (RunWriter writer = new RunWriter(seenFiles(), number, to - from)) {
      writer.begin();
      for (long key = from; key < to; key++) {
        writer.add(key);
      }
      try (Run run = writer.finish()) {
        assertThat(Files.size(run.path())).isEqualTo(run.diskBytes());
        return run.name();
      }
    }
  }

  /** Stops a merge halfway, as another thread would. */
  private static final class StoppingDisk implements Disk {
    private @Nullable Merge duringWrite;
    private @Nullable Merge duringSync;

    @Override
    public void write(FileChannel channel, ByteBuffer bytes) throws IOException {
      Disk.super.write(channel, bytes);
      stop(duringWrite);
    }

    @Override
    public void sync(FileChannel channel) {
      stop(duringSync);
    }

    private static void stop(@Nullable Merge merge) {
      if (merge != null) {
        merge.stop(Duration.ZERO);
      }
    }
  }
}
