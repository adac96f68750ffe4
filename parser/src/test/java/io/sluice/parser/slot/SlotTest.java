package io.sluice.parser.slot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.core.members.Compression;
import io.sluice.core.stream.SlotRecord;
import io.sluice.parser.sink.SinkKind;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Crashes at each step in the life of a slot's files, and how the next start recovers from them.
 */
final class SlotTest extends SlotFixture {

  @ParameterizedTest
  @EnumSource
  void uncommittedBatchIsCutAtTheNextStart(Compression how) throws IOException {
    compression = how;
    try (Worker worker = worker()) {
      worker.commit(1, 2);
      worker.write(3);
    }

    worker().close();

    assertHolds(1, 2);
  }

  @ParameterizedTest
  @EnumSource
  void tornWriteIsCutAtTheNextStart(Compression how) throws IOException {
    compression = how;
    try (Worker worker = worker()) {
      worker.commit(1);
    }
    for (Path part : parts()) {
      Files.writeString(
          part,
          Files.readString(part, StandardCharsets.ISO_8859_1) + "torn",
          StandardCharsets.ISO_8859_1);
    }

    worker().close();

    assertHolds(1);
  }

  @ParameterizedTest
  @EnumSource
  void aTornPartThatRedisKnowsNothingOfIsSealedAsFarAsItIsWhole(Compression how)
      throws IOException {
    compression = how;
    try (Worker worker = worker()) {
      worker.commit(1);
      worker.write(2);
    }
    for (Path part : parts()) {
      try (FileChannel channel = FileChannel.open(part, StandardOpenOption.WRITE)) {
        channel.truncate(channel.size() - 5);
      }
    }
    redis.records.clear();

    worker().close();

    assertThat(lines()).containsExactly("http://a.test/p1");
    assertThat(sealedFiles()).hasSize(2);
    for (String name : sealedFiles()) {
      if (SinkKind.WARC.names(name)) {
        responses(dirs.sealed(SinkKind.WARC).resolve(name)); // reads the whole file
      }
    }
  }

  @Test
  void filesWithoutACommittedBatchVanish() throws IOException {
    try (Worker worker = worker()) {
      worker.write(1);
    }
    assertThat(parts()).hasSize(2);

    worker().close();

    assertThat(sealedFiles()).isEmpty();
    assertThat(parts()).isEmpty();
    assertThat(unrecorded.count()).isZero();
  }

  @Test
  void missingRenameIsMadeUpFor() throws IOException {
    try (Worker worker = worker()) {
      worker.commit(1);
    }
    SlotRecord open = redis.record0();
    redis.record(new SlotRecord(SLOT, open.sinks(), true));
    // Only one of the two renames happened.
    OutputFile pages = OutputFile.begun(BEGUN, SLOT, 1, SinkKind.PAGES, Compression.GZIP);
    dirs.seal(dirs.slots().resolve(SLOT), List.of(pages));

    worker().close();

    assertHolds(1);
  }

  @Test
  void sealedFilesAreWhereReadersLookAndNewOnesFollow() throws IOException {
    try (Worker worker = worker()) {
      worker.commit(1);
      assertThat(worker.output.seal()).isTrue();
      worker.commit(2);
      assertThat(worker.output.seal()).isTrue();
      assertThat(worker.output.seal()).isTrue();
    }

    assertHolds(1, 2);
    assertThat(sealedFiles())
        .containsExactly(
            "20261129T010903Z-web-1a2b3c-0-000001.jsonl.gz",
            "20261129T010903Z-web-1a2b3c-0-000001.warc.gz",
            "20261129T010903Z-web-1a2b3c-0-000002.jsonl.gz",
            "20261129T010903Z-web-1a2b3c-0-000002.warc.gz");
  }

  @Test
  void aCrawlWhoseCompressionChangesHasFilesOfBoth() throws IOException {
    try (Worker worker = worker()) {
      worker.commit(1); // the worker is then killed
    }
    compression = Compression.ZSTD;
    try (Worker worker = worker()) {
      worker.commit(2);
      assertThat(worker.output.seal()).isTrue();
    }

    assertHolds(1, 2);
    assertThat(sealedFiles())
        .containsExactly(
            "20261129T010903Z-web-1a2b3c-0-000001.jsonl.gz",
            "20261129T010903Z-web-1a2b3c-0-000001.warc.gz",
            "20261129T010903Z-web-1a2b3c-0-000002.jsonl.zst",
            "20261129T010903Z-web-1a2b3c-0-000002.warc.zst");
  }

  @Test
  void aNameNeverComesAgainThoughFinishedFilesWereCarriedAway() throws IOException {
    Set<String> names = new HashSet<>();
    for (int life = 1; life <= 3; life++) {
      try (Worker worker = worker()) {
        worker.commit(life);
        assertThat(worker.output.seal()).isTrue();
      }
      List<String> finished = sealedFiles();
      assertThat(finished).hasSize(2);
      names.addAll(finished);
      for (String name : finished) {
        Files.delete(dirs.sealed(kind(name)).resolve(name));
      }
    }
    assertThat(names).hasSize(6);
  }

  private static SinkKind kind(String name) {
    return Objects.requireNonNull(OutputFile.parse(name)).kind();
  }

  @Test
  void whereTheLastSerialIsMissingItIsReadFromTheFiles() throws IOException {
    try (Worker worker = worker()) {
      worker.commit(1);
      assertThat(worker.output.seal()).isTrue();
    }
    Files.delete(dirs.slots().resolve(SLOT).resolve("serial"));
    try (Worker worker = worker()) {
      worker.commit(2);
      assertThat(worker.output.seal()).isTrue();
    }
    assertThat(sealedFiles()).hasSize(4);
  }

  @Test
  void filesThatAnOlderVersionLeftOpenAreRefusedWithTheRemedy() throws IOException {
    Path slot = Files.createDirectories(dirs.slots().resolve("p0-0"));
    Files.createFile(slot.resolve("p0-0-000001.jsonl.gz.part"));
    assertThatThrownBy(this::worker)
        .isInstanceOf(IOException.class)
        .hasMessageContainingAll("p0-0-000001.jsonl.gz.part", "older Sluice", "once more");
  }

  @Test
  void longFilesAreFull() throws IOException {
    try (Worker worker = new Worker(100)) {
      worker.write(1);
      assertThat(worker.output.full()).isFalse();
      worker.output.committed();
      assertThat(worker.output.full()).isTrue();
      assertThat(worker.output.seal()).isTrue();
      assertThat(worker.output.full()).isFalse();
    }
  }

  @Test
  void refusedBatchIsCutByTheLivingWorker() throws IOException {
    try (Worker worker = worker()) {
      worker.commit(1);
      worker.write(2);
      worker.output.resync();
      worker.commit(3);
      assertThat(worker.output.seal()).isTrue();
    }

    assertHolds(1, 3);
  }

  @Test
  void firstBatchThatIsRefusedLeavesAWholeWarcFile() throws IOException {
    try (Worker worker = worker()) {
      worker.write(1);
      worker.output.resync();
      worker.commit(2);
      assertThat(worker.output.seal()).isTrue();
    }

    assertHolds(2);
  }

  @Test
  void commitThatHappenedThoughNobodyHeardKeepsItsBatch() throws IOException {
    try (Worker worker = worker()) {
      redis.record(worker.write(1));
      worker.output.resync();
      worker.commit(2);
      assertThat(worker.output.seal()).isTrue();
    }

    assertHolds(1, 2);
  }

  @Test
  void nothingIsBegunWhileRedisRefuses() throws IOException {
    try (Worker worker = worker()) {
      redis.lost = true;
      assertThat(worker.output.prepare()).isFalse();
      worker.output.resync();
      assertThat(parts()).isEmpty();
    }
  }
}
