package io.sluice.core.purge;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdOutputStreamNoFinalizer;
import io.sluice.core.members.MemberReader;
import io.sluice.core.resource.BriefFiles;
import io.sluice.core.resource.ResourceKind;
import io.sluice.core.testing.TestLedger;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MemberFilterTest {

  private final BriefFiles files = new BriefFiles(new TestLedger(), ResourceKind.OUTPUT, "test");

  @TempDir Path dir;
  private Path file = Path.of("");

  @BeforeEach
  void setFile() {
    file = dir.resolve("lines.gz");
  }

  @Test
  void linesGoAndOtherMembersKeepTheirBytes() throws IOException {
    byte[] kept = member("a1\na2\n");
    write(kept, member("b1\na3\nb2\n"), member("b3\n"), member("a4"));
    LineJudge judge = new LineJudge(line -> line.startsWith("b"));

    assertThat(MemberFilter.filter(file, judge, false, files)).isTrue();

    assertThat(judge.found()).isEqualTo(3);
    assertThat(text()).isEqualTo("a1\na2\na3\na4");
    assertThat(Files.readAllBytes(file)).startsWith(kept);
    assertThat(dir).isDirectoryNotContaining(path -> path.toString().endsWith(".purge"));
  }

  @Test
  void membersOfZstdAreReadBesideGzipAndStayZstd() throws IOException {
    byte[] gzip = member("a1\nb1\n");
    byte[] frame = Zstd.compress("a2\nb2\n".getBytes(StandardCharsets.UTF_8));
    byte[] kept = Zstd.compress("a3\n".repeat(100_000).getBytes(StandardCharsets.UTF_8));
    write(gzip, frame, kept);

    MemberFilter.filter(file, new LineJudge(line -> line.startsWith("b")), false, files);

    List<String> found = new ArrayList<>();
    try (MemberReader members = MemberReader.open(file, files)) {
      byte[] text = new byte[400_000];
      while (members.next()) {
        int read = members.read(text, 0, text.length);
        members.finish();
        found.add(members.compression() + " " + new String(text, 0, Math.min(3, read), UTF_8));
      }
      assertThat(members.end()).isEqualTo(members.size());
    }
    assertThat(found).containsExactly("GZIP a1\n", "ZSTD a2\n", "ZSTD a3\n");
    assertThat(Files.readAllBytes(file)).endsWith(kept);
  }

  @Test
  void aZstdFrameThatIsTornOrDamagedIsNamed() throws IOException {
    ByteArrayOutputStream frame = new ByteArrayOutputStream();
    try (ZstdOutputStreamNoFinalizer out = new ZstdOutputStreamNoFinalizer(frame)) {
      out.setChecksum(true);
      out.write("a1\nb2\n".repeat(100).getBytes(UTF_8));
    }
    byte[] whole = frame.toByteArray();
    for (int cut = 1; cut < whole.length; cut++) {
      write(whole, Arrays.copyOf(whole, cut));
      assertThat(wholeMembers()).as("cut after %d bytes", cut).isEqualTo(1);
    }
    whole[whole.length - 2] ^= 1; // the checksum
    write(whole);
    assertThatThrownBy(this::wholeMembers)
        .isInstanceOf(ZipException.class)
        .hasMessage(file + ": damaged in the member at byte 0");
  }

  /** Number of complete members before one that the end of the file cuts off. */
  private int wholeMembers() throws IOException {
    int count = 0;
    try (MemberReader members = MemberReader.open(file, files)) {
      while (members.next()) {
        members.finish();
        count++;
      }
    } catch (EOFException e) {
      return count;
    }
    return count;
  }

  @Test
  void aFileWithoutSuchLinesIsNotTouched() throws IOException {
    write(member("a\n"), member("b\n"));
    Object before = Files.getAttribute(file, "unix:ino");
    assertThat(MemberFilter.filter(file, new LineJudge(_ -> false), false, files)).isFalse();
    assertThat(Files.getAttribute(file, "unix:ino")).isEqualTo(before);
  }

  @Test
  void aFileOfWhichEverythingGoesIsStillAGzipFile() throws IOException {
    write(member("a\n"));
    MemberFilter.filter(file, new LineJudge(_ -> true), false, files);
    assertThat(text()).isEmpty();
  }

  @Test
  void theLengthStaysWhateverGoes() throws IOException {
    Random random = new Random(7);
    for (int trial = 0; trial < 200; trial++) {
      StringBuilder kept = new StringBuilder();
      ByteArrayOutputStream members = new ByteArrayOutputStream();
      for (int m = 0; m < 3; m++) {
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i <= random.nextInt(40); i++) {
          boolean goes = random.nextInt(4) == 0;
          String line = (goes ? "b" : "a") + random.nextInt(1_000_000) + "x".repeat(40) + "\n";
          lines.append(line);
          kept.append(goes ? "" : line);
        }
        members.writeBytes(member(lines.toString()));
      }
      write(members.toByteArray());
      MemberFilter.filter(file, new LineJudge(line -> line.startsWith("b")), true, files);
      assertThat(Files.size(file)).as("trial %d", trial).isEqualTo(members.size());
      assertThat(text()).isEqualTo(kept.toString());
    }
  }

  @Test
  void aLineLongerThanWhatIsLookedAtStaysWhole() throws IOException {
    String line = "a" + "0123456789".repeat(100_000) + "\n";
    write(member(line + "b\n" + "b" + line + line));
    MemberFilter.filter(file, new LineJudge(text -> text.startsWith("b")), false, files);
    assertThat(text()).isEqualTo(line + line);
  }

  @Test
  void aDamagedFileIsNamedAndNotTouched() throws IOException {
    byte[] bytes = member("a1\nb2\n".repeat(100));
    bytes[bytes.length - 6] ^= 1;
    write(bytes);
    assertThatThrownBy(
            () ->
                MemberFilter.filter(
                    file, new LineJudge(line -> line.startsWith("b")), false, files))
        .hasMessageContaining(file + ": damaged in the member at byte 0");
    assertThat(Files.readAllBytes(file)).isEqualTo(bytes);
    assertThat(dir).isDirectoryNotContaining(path -> path.toString().endsWith(".purge"));
  }

  @Test
  void theHostOfALineIsThatOfItsUrl() {
    assertThat(HostLines.host("{\"url\":\"https://a.test:8443/x?q=//b.test/\",\"via\":null"))
        .isEqualTo("a.test");
    assertThat(HostLines.host("{\"via\":\"http://a.test/\"}")).isNull();
  }

  private void write(byte[]... members) throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] member : members) {
      all.writeBytes(member);
    }
    Files.write(file, all.toByteArray());
  }

  private static byte[] member(String text) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
      out.write(text.getBytes(StandardCharsets.UTF_8));
    }
    return bytes.toByteArray();
  }

  private String text() throws IOException {
    try (GZIPInputStream in = new GZIPInputStream(Files.newInputStream(file))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
