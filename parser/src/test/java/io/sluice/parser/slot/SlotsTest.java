package io.sluice.parser.slot;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.core.members.Compression;
import io.sluice.parser.sink.SinkKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Whose slots are whose, and the names of their files. */
final class SlotsTest extends SlotFixture {

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
}
