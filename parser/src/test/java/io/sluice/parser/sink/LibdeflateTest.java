package io.sluice.parser.sink;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.core.members.Compression;
import io.sluice.core.resource.ResourceKind;
import io.sluice.core.testing.TestLedger;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LibdeflateTest {

  private static final byte[] LINE =
      "a line of 48 bytes, of which there are many 12345\n".getBytes(StandardCharsets.UTF_8);

  @TempDir Path dir;
  private final TestLedger ledger = new TestLedger();

  @Test
  void aLibraryThatIsMissingOrAnotherIsNotUsed() {
    assertThat(Libdeflate.load(List.of("libsluice-has-none.so.9"))).isNull();
    assertThat(Libdeflate.load(List.of("libz.so.1", "libc.so.6"))).as("no such functions").isNull();
  }

  @Test
  void aMemberTooLongForItsBufferIsWholeAllTheSame() throws IOException {
    Path path = dir.resolve("long.gz");
    int lines = 100_000;
    try (SinkFile file = SinkFile.create(path, SinkKind.PAGES, ledger);
        Members members = compressor().open(file)) {
      for (int i = 0; i < lines; i++) {
        members.write(LINE);
      }
      assertThat(members.isFull()).isTrue();
      members.endMember();
      members.write(LINE);
      members.endMember();
      file.sync();
    }
    assertThat(TestPages.gunzip(path).lines()).hasSize(lines + 1).containsOnly(line());
  }

  @Test
  void whatIsForgottenIsNotInTheNextMember() throws IOException {
    Path path = dir.resolve("forgotten.gz");
    try (SinkFile file = SinkFile.create(path, SinkKind.PAGES, ledger);
        Members members = compressor().open(file)) {
      members.write(new byte[2 << 20]);
      members.forget();
      file.cut(0);
      members.write(new byte[10]);
      members.forget();
      members.write(LINE);
      members.endMember();
      file.sync();
    }
    assertThat(TestPages.gunzip(path).lines()).containsExactly(line());
  }

  @Test
  void nativeMemoryIsInTheLedgerUntilItIsFreed() throws IOException {
    try (SinkFile file = SinkFile.create(dir.resolve("f"), SinkKind.PAGES, ledger)) {
      Members members = compressor().open(file);
      assertThat(ledger.open()).containsEntry(ResourceKind.BUFFER, 1);
      members.close();
      assertThat(ledger.open()).doesNotContainKey(ResourceKind.BUFFER);
    }
  }

  private static String line() {
    return new String(LINE, StandardCharsets.UTF_8).strip();
  }

  private Compressor compressor() {
    Assumptions.assumeTrue(Libdeflate.system() != null, "this system has no libdeflate");
    Libdeflate library = Objects.requireNonNull(Libdeflate.system());
    return new Compressor(Compression.GZIP, 2, library, ledger);
  }
}
