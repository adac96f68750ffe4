package io.sluice.parser.slot;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.sluice.core.redis.SlotRecord;
import io.sluice.core.testing.Json;
import io.sluice.core.testing.TestLedger;
import io.sluice.parser.jsonl.JsonlSink;
import io.sluice.parser.sink.SinkKind;
import io.sluice.parser.sink.TestPages;
import io.sluice.parser.warc.WarcInfo;
import io.sluice.parser.warc.WarcSink;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.netpreserve.jwarc.WarcReader;
import org.netpreserve.jwarc.WarcRecord;
import org.netpreserve.jwarc.WarcResponse;

/** Crashes at each step of a slot's files, and what the next start makes of them. */
final class SlotTest {

  @TempDir Path dir;

  private final TestLedger ledger = new TestLedger();
  private final Counter unrecorded = new SimpleMeterRegistry().counter("unrecorded");
  private final Redis redis = new Redis();
  private OutputDirs dirs = OutputDirs.of(Path.of("."), ledger);

  @BeforeEach
  void nameDirectories() {
    dirs = OutputDirs.of(dir, ledger);
  }

  @AfterEach
  void nothingStaysOpen() {
    assertThat(ledger.entries()).isEmpty();
  }

  /** What Redis would record. */
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
      return Objects.requireNonNull(records.get("p0-0"));
    }
  }

  /** A worker's life: it claims the lowest slot, recovers it, writes, and dies or seals. */
  private final class Worker implements AutoCloseable {
    private final Slots mine;
    private final Slot slot;
    private final SlotOutput output;

    Worker(long rotateBytes) throws IOException {
      mine = new Slots(dirs, 0, ledger);
      slot = mine.claim();
      new SlotRecovery(dirs, unrecorded).recover(slot, redis.recorded(slot.name()));
      WarcInfo info = new WarcInfo("Sluice", "test", "Sluice", true);
      output =
          new SlotOutput(
              slot,
              dirs,
              List.of(JsonlSink.factory(6), WarcSink.factory(6, info, Clock.systemUTC())),
              redis,
              ledger,
              rotateBytes,
              unrecorded);
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

    /** Dies as by a signal: files and lock are let go, nothing else happens. */
    @Override
    public void close() throws IOException {
      output.close();
      mine.release(slot);
    }
  }

  private Worker worker() throws IOException {
    return new Worker(1 << 20);
  }

  @Test
  void uncommittedBatchIsCutAtTheNextStart() throws IOException {
    try (Worker worker = worker()) {
      worker.commit(1, 2);
      worker.write(3);
    }

    worker().close();

    assertHolds(1, 2);
  }

  @Test
  void tornWriteIsCutAtTheNextStart() throws IOException {
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
    redis.record(new SlotRecord("p0-0", open.sinks(), true));
    // One of two renames happened.
    OutputFile pages = new OutputFile("p0-0", 1, SinkKind.PAGES);
    dirs.seal(dirs.slots().resolve("p0-0"), List.of(pages));

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
            "p0-0-000001.jsonl.gz",
            "p0-0-000001.warc.gz",
            "p0-0-000002.jsonl.gz",
            "p0-0-000002.warc.gz");
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
    Slots slots = new Slots(dirs, 0, ledger);
    Slot first = slots.claim();
    Slot second = slots.claim();
    slots.release(first);
    Slot third = slots.claim();

    assertThat(List.of(first.name(), second.name(), third.name()))
        .containsExactly("p0-0", "p0-1", "p0-0");
    assertThat(slots.claimAbandoned()).isEmpty();
    slots.release(second);
    List<Slot> abandoned = slots.claimAbandoned();
    assertThat(abandoned).extracting(Slot::name).containsExactly("p0-1");
    slots.release(third);
    slots.release(abandoned.getFirst());
  }

  @Test
  void namesAreReadAsTheyAreWritten() {
    OutputFile file = new OutputFile("p0-12", 1_234_567, SinkKind.WARC);

    assertThat(file.name()).isEqualTo("p0-12-1234567.warc.gz");
    assertThat(OutputFile.parse(file.name())).isEqualTo(file);
    assertThat(OutputFile.parse(file.partName())).isEqualTo(file);
    assertThat(OutputFile.parse("lock")).isNull();
    assertThat(OutputFile.parse("p0-x.jsonl.gz")).isNull();
    assertThat(OutputFile.parse("-1.jsonl.gz")).isNull();
  }

  private void assertHolds(long... leases) throws IOException {
    List<String> lines = new ArrayList<>();
    List<String> responses = new ArrayList<>();
    for (String name : sealedFiles()) {
      if (name.endsWith(SinkKind.PAGES.suffix())) {
        TestPages.gunzip(dirs.sealed(SinkKind.PAGES).resolve(name))
            .lines()
            .forEach(line -> lines.add(String.valueOf(Json.object(line).get("url"))));
      } else {
        responses.addAll(responses(dirs.sealed(SinkKind.WARC).resolve(name)));
      }
    }
    List<String> expected = new ArrayList<>();
    for (long lease : leases) {
      expected.add("http://a.test/p" + lease);
    }
    assertThat(lines).isEqualTo(expected);
    assertThat(responses).isEqualTo(expected);
  }

  private static List<String> responses(Path warc) throws IOException {
    List<String> urls = new ArrayList<>();
    List<String> types = new ArrayList<>();
    try (WarcReader reader = new WarcReader(warc)) {
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
