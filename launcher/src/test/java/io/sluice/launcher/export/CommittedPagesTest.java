package io.sluice.launcher.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.Zstd;
import io.sluice.core.resource.BriefFiles;
import io.sluice.core.resource.ResourceKind;
import io.sluice.core.resource.ResourceLedger;
import io.sluice.core.stream.SinkOffset;
import io.sluice.core.stream.SlotRecord;
import io.sluice.launcher.process.CannotStart;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Only committed lines are copied, each of them once, over any number of runs. */
class CommittedPagesTest {

  private static final String NAME = "20261129T010903Z-web1-0-000001.jsonl.gz";

  private final ResourceLedger ledger = new ResourceLedger();
  private final BriefFiles files = new BriefFiles(ledger, ResourceKind.OUTPUT, "test");

  @TempDir Path dir;

  private Path part;
  private Path target;

  @BeforeEach
  void aCrawlWithOneSlot() throws IOException {
    part = dir.resolve("output/slots/web1-0").resolve(NAME + ".part");
    target = dir.resolve("pages.jsonl");
    Files.createDirectories(part.getParent());
    Files.createDirectories(dir.resolve("output/pages"));
    Files.createFile(part);
  }

  @Test
  void aPartIsCopiedUpToWhatRedisRecords() throws Exception {
    long first = append("one\n");
    append("uncommitted\n");
    copy(first);
    assertThat(target).hasContent("one\n");
    copy(first);
    assertThat(target).as("nothing new").hasContent("one\n");
  }

  @Test
  void aFileThatWasSealedMeanwhileGoesOnWhereItWas() throws Exception {
    copy(append("one\n"));
    append("two\n");
    append("three\n");
    Files.move(part, dir.resolve("output/pages").resolve(NAME));
    copy(0);
    assertThat(target).hasContent("one\ntwo\nthree\n");
  }

  @Test
  void filesOfZstdAreCopiedAsThoseOfGzip() throws Exception {
    copy(append("gzip\n"));
    Path zstd = dir.resolve("output/pages/20261129T010903Z-web1-0-000002.jsonl.zst");
    Files.write(zstd, Zstd.compress("zstd\n".getBytes(StandardCharsets.UTF_8)));
    copy(0);
    assertThat(target).hasContent("gzip\nzstd\n");
  }

  @Test
  void whatWasWrittenBehindTheLastSaveIsCut() throws Exception {
    copy(append("one\n"));
    Files.writeString(target, "tw", StandardOpenOption.APPEND); // written just before a crash
    copy(append("two\n"));
    assertThat(target).hasContent("one\ntwo\n");
  }

  @Test
  void aFileThatWasDeletedIsWrittenFromTheFirstPage() throws Exception {
    copy(append("one\n"));
    Files.delete(target);
    copy(append("two\n"));
    assertThat(target).hasContent("one\ntwo\n");
  }

  @Test
  void aFileOfSomethingElseIsNotTouched() throws Exception {
    Files.writeString(target, "mine");
    assertThatThrownBy(() -> copy(0))
        .isInstanceOf(CannotStart.class)
        .hasMessageContaining("this crawl did not write it");
    assertThat(target).hasContent("mine");
  }

  @Test
  void aFileOfARunThatWasKilledInItsFirstPassIsKnownAgain() throws Exception {
    ExportState state = ExportState.read(dir, target.toString(), files);
    try (ExportTarget to = ExportTarget.open(target.toString(), state, ledger)) {
      to.write("on".getBytes(StandardCharsets.UTF_8), 0, 2); // written just before a kill
    }
    copy(append("one\n"));
    assertThat(target).hasContent("one\n");
  }

  @Test
  void aPassThatIsCutOffLeavesLessToTheNextOne() throws Exception {
    String line = "x".repeat(9 << 20) + "\n";
    long first = append(line);
    long second = append(line);
    ExportState state = ExportState.read(dir, target.toString(), files);
    try (ExportTarget to = new FullAfter((9 << 20) + 100)) {
      assertThatThrownBy(() -> pass(state, to, second)).hasMessage("full");
    }
    ExportState saved = ExportState.read(dir, target.toString(), files);
    assertThat(saved.copied(NAME)).isEqualTo(first);
  }

  @Test
  void whatAStreamTookIsNotGivenToItOnceMoreThoughItFailed() throws Exception {
    Files.createFile(target);
    long first = append("one\n");
    ExportState state = ExportState.read(dir, target.toString(), files);
    FileChannel channel = FileChannel.open(target, StandardOpenOption.WRITE);
    try (ExportTarget to = new ExportTarget.Stream(channel, 0)) {
      append("damaged\n");
      Files.write(part, new byte[] {1, 2, 3}, StandardOpenOption.APPEND);
      assertThatThrownBy(() -> pass(state, to, Files.size(part))).isInstanceOf(ZipException.class);
    }
    assertThat(ExportState.read(dir, target.toString(), files).copied(NAME))
        .isGreaterThan(first)
        .isEqualTo(Files.size(part) - 3);
  }

  @Test
  void aReaderThatGoesAwayWithinAMemberGetsEachLineOnce() throws Exception {
    List<String> lines = List.of("1".repeat(300_000), "2".repeat(300_000), "3".repeat(300_000));
    long whole = append(String.join("\n", lines) + "\n");
    Path pipe = dir.resolve("pipe");
    assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
    // a pipe buffers about 64 KiB more than its reader reads
    assertThat(readerOf(pipe, whole, 650_000))
        .startsWith(lines.get(0) + "\n" + lines.get(1) + "\n333");
    assertThat(readerOf(pipe, whole, 2_000_000)).as("next run").isEqualTo(lines.get(2) + "\n");
    assertThat(readerOf(pipe, whole, 2_000_000)).as("the run after it").isEmpty();
  }

  /**
   * Runs a copy up to {@code committed} bytes into a pipe whose reader stops after {@code bytes};
   * returns the bytes that it read.
   */
  private String readerOf(Path pipe, long committed, int bytes) throws Exception {
    Path got = dir.resolve("got");
    String reads = "head -c %d < '%s' > '%s'".formatted(bytes, pipe, got);
    Process reader = new ProcessBuilder("sh", "-c", reads).start();
    ExportState state = ExportState.read(dir, "-", files);
    try (ExportTarget to = ExportTarget.open(pipe.toString(), state, ledger)) {
      pass(state, to, committed);
    } catch (IOException e) {
      assertThat(e).hasMessage("Broken pipe");
    }
    assertThat(reader.waitFor()).isZero();
    return Files.readString(got);
  }

  /** Accepts a number of bytes, then fails. */
  private static final class FullAfter implements ExportTarget {
    private long left;
    private long length;

    FullAfter(long bytes) {
      this.left = bytes;
    }

    @Override
    public void write(byte[] bytes, int from, int count) throws IOException {
      if (count > left) {
        throw new IOException("full");
      }
      left -= count;
      length += count;
    }

    @Override
    public long sync() {
      return length;
    }

    @Override
    public void close() {}
  }

  /** Appends a gzip member to the part file; returns the file's length. */
  private long append(String lines) throws IOException {
    ByteArrayOutputStream member = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(member)) {
      gzip.write(lines.getBytes(StandardCharsets.UTF_8));
    }
    Files.write(part, member.toByteArray(), StandardOpenOption.APPEND);
    return Files.size(part);
  }

  /** Runs a copy up to {@code committed} bytes. */
  private void copy(long committed) throws Exception {
    ExportState state = ExportState.read(dir, target.toString(), files);
    ExportTarget.check(target.toString(), state);
    try (ExportTarget to = ExportTarget.open(target.toString(), state, ledger)) {
      pass(state, to, committed);
    }
  }

  private void pass(ExportState state, ExportTarget to, long committed) throws IOException {
    SinkOffset offset = new SinkOffset("pages", NAME, committed);
    new CommittedPages(dir.resolve("output"), files, state, to)
        .copy(List.of(new SlotRecord("web1-0", List.of(offset), false)));
  }
}
