package io.sluice.parser.slot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.sluice.core.members.Compression;
import io.sluice.core.stream.SlotRecord;
import io.sluice.core.testing.Json;
import io.sluice.core.testing.LogLines;
import io.sluice.core.testing.TestLedger;
import io.sluice.parser.jsonl.JsonlSink;
import io.sluice.parser.sink.Compressor;
import io.sluice.parser.sink.SinkKind;
import io.sluice.parser.sink.TestPages;
import io.sluice.parser.warc.ArchiveRule;
import io.sluice.parser.warc.WarcInfo;
import io.sluice.parser.warc.WarcSink;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.netpreserve.jwarc.WarcReader;
import org.netpreserve.jwarc.WarcRecord;
import org.netpreserve.jwarc.WarcResponse;

/**
 * Crashes at each step in the life of a slot's files, and how the next start recovers from them.
 */
final class SlotTest {

  private static final String NODE = "web-1a2b3c";
  private static final String SLOT = NODE + "-0";
  private static final Instant BEGUN = Instant.parse("2026-11-29T01:09:03Z");

  @TempDir Path dir;

  private final TestLedger ledger = new TestLedger();
  private final Counter unrecorded = new SimpleMeterRegistry().counter("unrecorded");
  private final Redis redis = new Redis();
  private OutputDirs dirs = OutputDirs.of(Path.of("."), ledger);

  @BeforeEach
  void nameDirectories() {
    dirs = OutputDirs.of(dir, ledger);
  }

  private Compression compression = Compression.GZIP;

  @AfterEach
  void nothingStaysOpen() {
    assertThat(ledger.entries()).isEmpty();
  }

  /** The records that Redis would keep. */
  private static final class Redis implements SlotRegistry {
    private final Map<String, SlotRecord> records = new HashMap<>();
    private boolean lost;

    @Override
    public boolean record(SlotRecord record) {
      if (!lost) {
        records.put(record.slot(), record);
      }
      return !lost;
    }

    @Override
    public @Nullable SlotRecord recorded(String slot) {
      return records.get(slot);
    }

    SlotRecord record0() {
      return Objects.requireNonNull(records.get(SLOT));
    }
  }

  /**
   * A worker: it claims the lowest slot, recovers it, and writes; then it is killed or seals its
   * files.
   */
  private final class Worker implements AutoCloseable {
    private final Slots mine;
    private final Slot slot;
    private final SlotOutput output;

    Worker(long rotateBytes) throws IOException {
      mine = new Slots(dirs, NODE, ledger);
      slot = mine.claim();
      new SlotRecovery(dirs, unrecorded).recover(slot, redis.recorded(slot.name()));
      WarcInfo info = new WarcInfo("Sluice", "test", "Sluice", true);
      Compressor compressor = TestPages.compressor(compression, ledger);
      output =
          new SlotOutput(
              slot,
              dirs,
              List.of(
                  JsonlSink.factory(compressor),
                  WarcSink.factory(
                      compressor, info, new ArchiveRule(TestPages.BOUNDS), Clock.systemUTC())),
              redis,
              ledger,
              rotateBytes,
              unrecorded,
              () -> BEGUN);
    }

    SlotRecord write(long... leases) throws IOException {
      assertThat(output.prepare()).isTrue();
      for (long lease : leases) {
        output.append(TestPages.parse(TestPages.html(lease, "page " + lease)));
      }
      return output.endBatch();
    }

    void commit(long... leases) throws IOException {
      redis.record(write(leases));
      output.committed();
    }

    /** Ends as if killed by a signal: only releases the files and the lock. */
    @Override
    public void close() throws IOException {
      output.close();
      mine.release(slot);
    }
  }

  private Worker worker() throws IOException {
    return new Worker(1 << 20);
  }

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

  @Test
  void nothingIsBegunWhileRedisRefuses() throws IOException {
    try (Worker worker = worker()) {
      redis.lost = true;
      assertThat(worker.output.prepare()).isFalse();
      worker.output.resync();
      assertThat(parts()).isEmpty();
    }
  }

  @Test
  void slotsAreClaimedFromTheLowestAndOnlyOnce() throws IOException {
    Slots slots = new Slots(dirs, NODE, ledger);
    Slot first = slots.claim();
    Slot second = slots.claim();
    slots.release(first);
    Slot third = slots.claim();

    assertThat(List.of(first.name(), second.name(), third.name()))
        .containsExactly(NODE + "-0", NODE + "-1", NODE + "-0");
    part(second.name());
    assertThat(slots.claimAbandoned(Set.of())).isEmpty();
    slots.release(second);
    List<Slot> abandoned = slots.claimAbandoned(Set.of(NODE));
    assertThat(abandoned).extracting(Slot::name).containsExactly(NODE + "-1");
    slots.release(third);
    slots.release(abandoned.getFirst());
  }

  @Test
  void slotsOfOtherNodesAreAbandonedUnlessTheirParsersLive() throws IOException {
    Slots slots = new Slots(dirs, NODE, ledger);
    part("elsewhere-ffffff-3");
    part("gone-eeeeee-0");
    Files.createDirectories(dirs.slots().resolve("empty-dddddd-0"));

    List<Slot> abandoned = slots.claimAbandoned(Set.of("elsewhere-ffffff"));

    assertThat(abandoned).extracting(Slot::name).containsExactly("gone-eeeeee-0");
    slots.release(abandoned.getFirst());
  }

  private void part(String slot) throws IOException {
    Path directory = Files.createDirectories(dirs.slots().resolve(slot));
    Files.createFile(
        directory.resolve(
            OutputFile.begun(BEGUN, slot, 1, SinkKind.PAGES, Compression.GZIP).partName()));
  }

  @Test
  void namesAreReadAsTheyAreWritten() {
    OutputFile file =
        OutputFile.begun(BEGUN, "w.e-b_1-12", 1_234_567, SinkKind.WARC, Compression.GZIP);

    assertThat(file.name()).isEqualTo("20261129T010903Z-w.e-b_1-12-1234567.warc.gz");
    assertThat(OutputFile.parse(file.name())).isEqualTo(file);
    assertThat(OutputFile.parse(file.partName())).isEqualTo(file);
    OutputFile zstd = OutputFile.begun(BEGUN, "w-1", 7, SinkKind.PAGES, Compression.ZSTD);
    assertThat(zstd.name()).isEqualTo("20261129T010903Z-w-1-000007.jsonl.zst");
    assertThat(OutputFile.parse(zstd.partName())).isEqualTo(zstd);
    assertThat(OutputFile.parse("lock")).isNull();
    assertThat(OutputFile.parse("p0-0-000001.jsonl.gz")).isNull();
    assertThat(OutputFile.parse("-1.jsonl.gz")).isNull();
  }

  private void assertHolds(long... leases) throws IOException {
    List<String> responses = new ArrayList<>();
    for (String name : sealedFiles()) {
      if (SinkKind.WARC.names(name)) {
        responses.addAll(responses(dirs.sealed(SinkKind.WARC).resolve(name)));
      }
    }
    List<String> expected = new ArrayList<>();
    for (long lease : leases) {
      expected.add("http://a.test/p" + lease);
    }
    assertThat(lines()).isEqualTo(expected);
    assertThat(responses).isEqualTo(expected);
  }

  private List<String> lines() throws IOException {
    List<String> lines = new ArrayList<>();
    for (String name : sealedFiles()) {
      if (SinkKind.PAGES.names(name)) {
        TestPages.unpack(dirs.sealed(SinkKind.PAGES).resolve(name))
            .lines()
            .forEach(line -> lines.add(String.valueOf(Json.object(line).get("url"))));
      }
    }
    return lines;
  }

  private static List<String> responses(Path warc) throws IOException {
    List<String> urls = new ArrayList<>();
    List<String> types = new ArrayList<>();
    byte[] plain = TestPages.unpack(warc).getBytes(StandardCharsets.UTF_8);
    try (WarcReader reader = new WarcReader(new ByteArrayInputStream(plain))) {
      for (WarcRecord record : reader) {
        types.add(record.type());
        if (record instanceof WarcResponse response) {
          urls.add(response.target());
        }
      }
    }
    assertThat(types).startsWith("warcinfo");
    return urls;
  }

  private List<String> sealedFiles() throws IOException {
    List<String> names = new ArrayList<>();
    for (SinkKind kind : SinkKind.values()) {
      try (Stream<Path> files = Files.list(dirs.sealed(kind))) {
        files.forEach(file -> names.add(String.valueOf(file.getFileName())));
      }
    }
    return names.stream().sorted().toList();
  }

  private List<Path> parts() throws IOException {
    try (Stream<Path> files = Files.walk(dirs.slots())) {
      return files.filter(file -> file.toString().endsWith(".part")).toList();
    }
  }
}
