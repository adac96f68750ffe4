package io.sluice.parser.slot;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.sluice.core.members.Compression;
import io.sluice.core.stream.SlotRecord;
import io.sluice.core.testing.Json;
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
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.netpreserve.jwarc.WarcReader;
import org.netpreserve.jwarc.WarcRecord;
import org.netpreserve.jwarc.WarcResponse;

/** Workers that write slots, are killed or seal their files, and the Redis they report to. */
abstract class SlotFixture {

  static final String NODE = "web-1a2b3c";
  static final String SLOT = NODE + "-0";
  static final Instant BEGUN = Instant.parse("2026-11-29T01:09:03Z");

  @TempDir Path dir;

  final TestLedger ledger = new TestLedger();
  final Counter unrecorded = new SimpleMeterRegistry().counter("unrecorded");
  final Redis redis = new Redis();
  Compression compression = Compression.GZIP;
  OutputDirs dirs = OutputDirs.of(Path.of("."), ledger);

  @BeforeEach
  void nameDirectories() {
    dirs = OutputDirs.of(dir, ledger);
  }

  @AfterEach
  void nothingStaysOpen() {
    assertThat(ledger.entries()).isEmpty();
  }

  /** The records that Redis would keep. */
  static final class Redis implements SlotRegistry {
    final Map<String, SlotRecord> records = new HashMap<>();
    boolean lost;

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
  final class Worker implements AutoCloseable {
    private final Slots mine;
    private final Slot slot;
    final SlotOutput output;

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

  Worker worker() throws IOException {
    return new Worker(1 << 20);
  }

  void assertHolds(long... leases) throws IOException {
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

  List<String> lines() throws IOException {
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

  static List<String> responses(Path warc) throws IOException {
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

  List<String> sealedFiles() throws IOException {
    List<String> names = new ArrayList<>();
    for (SinkKind kind : SinkKind.values()) {
      try (Stream<Path> files = Files.list(dirs.sealed(kind))) {
        files.forEach(file -> names.add(String.valueOf(file.getFileName())));
      }
    }
    return names.stream().sorted().toList();
  }

  List<Path> parts() throws IOException {
    try (Stream<Path> files = Files.walk(dirs.slots())) {
      return files.filter(file -> file.toString().endsWith(".part")).toList();
    }
  }
}
