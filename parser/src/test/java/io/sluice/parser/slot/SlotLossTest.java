package io.sluice.parser.slot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.core.stream.SlotRecord;
import io.sluice.core.testing.LogLines;
import io.sluice.parser.sink.SinkKind;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Files that are damaged or gone, and a Redis that lost what it had recorded of a slot. */
final class SlotLossTest extends SlotFixture {

  @Test
  void aPartThatIsDeletedOrChangedIsNoticedAndNeverSealed() throws IOException {
    for (Damage damage : damages()) {
      try (Worker worker = worker()) {
        worker.commit(1);
        worker.output.verify();
        Path part = parts().getFirst();
        damage.on(part);
        assertThatThrownBy(worker.output::verify).hasMessageContaining(part.toString());
        assertThatThrownBy(worker.output::seal).hasMessageContaining(part.toString());
        assertThatThrownBy(() -> worker.write(2)).hasMessageContaining(part.toString());
      }
      assertThat(sealedFiles()).isEmpty();
      for (Path part : parts()) {
        Files.delete(part);
      }
    }
  }

  /** A change that another program makes to a file. */
  private interface Damage {
    void on(Path file) throws IOException;
  }

  private static List<Damage> damages() {
    return List.of(
        Files::delete,
        file -> Files.move(file, file.resolveSibling("moved.txt")),
        file -> {
          Files.delete(file);
          Files.writeString(file, "another");
        },
        file -> {
          try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.truncate(channel.size() - 1);
          }
        });
  }

  @Test
  void aSlotOrASealedDirectoryThatIsDeletedIsNoticedThoughNothingIsWritten() throws IOException {
    try (Worker worker = worker()) {
      worker.output.verify();
      Files.delete(dirs.sealed(SinkKind.WARC));
      assertThatThrownBy(worker.output::verify)
          .hasMessage(
              dirs.sealed(SinkKind.WARC) + " is gone: it was deleted or moved while in use");
      Files.createDirectory(dirs.sealed(SinkKind.WARC));
      worker.output.verify();
      Files.move(dirs.root(), dir.resolve("elsewhere"));
      assertThatThrownBy(worker.output::verify)
          .hasMessage(
              dirs.slots().resolve(SLOT + "/lock")
                  + " is gone: it was deleted or moved while it was in use");
    }
  }

  @Test
  void aPartThatLacksWhatWasCommittedIsSetAsideAtTheNextStart() throws IOException {
    try (Worker worker = worker()) {
      worker.commit(1, 2);
    }
    for (Path part : parts()) {
      try (FileChannel channel = FileChannel.open(part, StandardOpenOption.WRITE)) {
        channel.truncate(channel.size() / 2);
      }
    }

    try (LogLines log = new LogLines(SlotRecovery.class.getPackage())) {
      worker().close();
      assertThat(log.warnings()).filteredOn(line -> line.contains("is set aside")).hasSize(2);
    }

    assertThat(sealedFiles()).isEmpty();
    assertThat(parts()).isEmpty();
    try (Stream<Path> files = Files.list(dirs.slots().resolve(SLOT))) {
      assertThat(files.filter(file -> file.toString().endsWith(".part.broken"))).hasSize(2);
    }
  }

  @Test
  void whereRedisLostItsRecordNothingIsCutAndItIsCounted() throws IOException {
    try (Worker worker = worker()) {
      worker.commit(1);
    }
    redis.records.clear();

    worker().close();

    assertHolds(1);
    assertThat(unrecorded.count()).isEqualTo(2);
  }

  @Test
  void livingWorkerKeepsWhatRedisLostAndBeginsNewFiles() throws IOException {
    try (Worker worker = worker()) {
      worker.commit(1);
      worker.write(2);
      redis.records.clear();
      worker.output.resync();
      worker.commit(3);
      assertThat(worker.output.seal()).isTrue();
    }

    assertHolds(1, 3);
    assertThat(unrecorded.count()).isEqualTo(2);
  }

  @Test
  void uncommittedFilesThatRedisWentBackBeforeAreDropped() throws IOException {
    try (Worker worker = worker()) {
      worker.commit(1);
      assertThat(worker.output.seal()).isTrue();
      SlotRecord before = redis.record0();
      worker.write(2);
      redis.record(before);
      worker.output.resync();
    }

    assertHolds(1);
    assertThat(parts()).isEmpty();
    assertThat(unrecorded.count()).isZero();
  }

  @Test
  void committedFilesThatRedisWentBackBeforeAreKept() throws IOException {
    try (Worker worker = worker()) {
      worker.commit(1);
      assertThat(worker.output.seal()).isTrue();
      SlotRecord before = redis.record0();
      worker.commit(2);
      redis.record(before);
      worker.output.resync();
    }

    assertHolds(1, 2);
    assertThat(unrecorded.count()).isEqualTo(2);
  }

  @Test
  void livingWorkerKeepsWhatItCommittedAfterTheRecordThatRedisWentBackTo() throws IOException {
    try (Worker worker = worker()) {
      worker.commit(1);
      SlotRecord before = redis.record0();
      worker.commit(2);
      worker.write(3);
      redis.record(before);
      worker.output.resync();
      worker.commit(4);
      assertThat(worker.output.seal()).isTrue();
    }

    assertHolds(1, 2, 4);
    assertThat(unrecorded.count()).isEqualTo(2);
  }
}
