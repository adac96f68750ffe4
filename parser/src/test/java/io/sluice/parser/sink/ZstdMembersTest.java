package io.sluice.parser.sink;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.core.members.Compression;
import io.sluice.core.members.MemberReader;
import io.sluice.core.resource.BriefFiles;
import io.sluice.core.resource.ResourceKind;
import io.sluice.core.testing.TestLedger;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ZstdMembersTest {

  /**
   * The checksum flag of the frame header's descriptor, which follows the magic number (RFC 8878,
   * 3.1.1.1.1).
   */
  private static final int CHECKSUM = 1 << 2;

  @TempDir Path dir;
  private final TestLedger ledger = new TestLedger();

  @Test
  void aFrameAfterACutHasItsChecksumToo() throws IOException {
    Path path = dir.resolve("cut.zst");
    try (SinkFile file = SinkFile.create(path, SinkKind.PAGES, ledger);
        Members members = compressor(3).open(file)) {
      members.write(new byte[10]);
      members.forget();
      file.cut(0);
      members.write(new byte[10]);
      members.endMember();
      file.sync();
    }
    assertThat(Files.readAllBytes(path)[4] & CHECKSUM).isEqualTo(CHECKSUM);
  }

  /** A higher level would use a larger window, which readers reject. */
  @Test
  void aLongFrameOfTheHighestLevelCanBeRead() throws IOException {
    Path path = dir.resolve("long.zst");
    byte[] plain = new byte[9 << 20];
    try (SinkFile file = SinkFile.create(path, SinkKind.PAGES, ledger);
        Members members = compressor(Compression.ZSTD.maxLevel()).open(file)) {
      members.write(plain);
      members.endMember();
      file.sync();
    }
    try (MemberReader reader =
        MemberReader.open(path, new BriefFiles(ledger, ResourceKind.OUTPUT, "test"))) {
      assertThat(reader.next()).isTrue();
      long length = 0;
      byte[] into = new byte[64 << 10];
      for (int n = reader.read(into, 0, into.length); n >= 0; ) {
        length += n;
        n = reader.read(into, 0, into.length);
      }
      assertThat(length).isEqualTo(plain.length);
    }
  }

  private Compressor compressor(int level) {
    return new Compressor(Compression.ZSTD, level, null, ledger);
  }
}
