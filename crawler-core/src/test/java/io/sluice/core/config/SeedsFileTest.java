package io.sluice.core.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.core.config.SeedsFile.Line;
import io.sluice.core.lease.Labels;
import io.sluice.core.resource.Ledger;
import io.sluice.core.testing.TestLedger;
import io.sluice.core.url.Url;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SeedsFileTest {

  @TempDir private Path dir;

  @Test
  void everyLineIsAUrlACommentOrAProblem() throws IOException {
    String longest = "https://example.org/" + "x".repeat(SeedsFile.MAX_LINE_BYTES - 20);
    String text =
        "\uFEFFhttps://example.org/a\r\n# comment\n\n  https://example.org/b#c  \nno-url\n"
            + longest
            + "x\nhttps://example.org/last";
    assertThat(read(text.getBytes(StandardCharsets.UTF_8)))
        .containsExactly(
            "1 https://example.org/a",
            "4 https://example.org/b",
            "seeds.txt:5: seed=no-url: must be an absolute http or https URL: "
                + Url.explain("no-url"),
            "seeds.txt:6: seed: is longer than 65536 bytes",
            "7 https://example.org/last");
  }

  @Test
  void aLineMaySayHowSoonAndWhatFor() throws IOException {
    String text =
        """
        https://a.test/ priority=urgent tag=2026-11_news
        https://b.test/\ttag=x   priority=low
        https://c.test/?tag=y
        """;
    assertThat(read(text.getBytes(StandardCharsets.UTF_8)))
        .containsExactly(
            "1 https://a.test/ urgent 2026-11_news",
            "2 https://b.test/ low x",
            "3 https://c.test/?tag=y");
  }

  @Test
  void aFieldThatIsWrongIsNamedWithWhatIsAllowedAndNear() throws IOException {
    String text =
        """
        https://a.test/ priority=hihg
        https://a.test/ prioritty=high
        https://a.test/ tag=a/b
        https://a.test/ tag=a tag=b
        https://a.test/ tag
        https://a.test/my page
        """;
    String noField =
        "there is no such field; only priority=… and tag=… may follow the URL, in which a space is"
            + " written %20";
    assertThat(read(text.getBytes(StandardCharsets.UTF_8)))
        .containsExactly(
            "seeds.txt:1: priority=hihg: must be one of urgent, high, normal, low; did you mean"
                + " high?",
            "seeds.txt:2: prioritty=high: " + noField + "; did you mean priority?",
            "seeds.txt:3: tag=a/b: must be at most 64 letters, digits, dots, underscores and"
                + " hyphens",
            "seeds.txt:4: tag=b: was already given",
            "seeds.txt:5: tag: has no value: write tag=…",
            "seeds.txt:6: page: " + noField);
  }

  @Test
  void aPasswordInALineIsNotTold() throws IOException {
    assertThat(read("https://me:secret@example.org/\n".getBytes(StandardCharsets.UTF_8)))
        .singleElement()
        .asString()
        .contains("https://***@example.org/: has a user name or password")
        .doesNotContain("secret");
  }

  @Test
  void aLineThatIsNotUtf8IsAProblem() throws IOException {
    assertThat(read(new byte[] {(byte) 0xff, '\n'}))
        .containsExactly("seeds.txt:1: seed: is not UTF-8 text");
  }

  @Test
  void anOpenFileStandsInTheLedgerUntilItIsClosed() throws IOException {
    Path file = Files.writeString(dir.resolve("seeds.txt"), "");
    TestLedger ledger = new TestLedger();
    SeedsFile seeds = SeedsFile.open(file, ledger);
    assertThat(ledger.entries()).extracting(Ledger.Entry::path).containsExactly(file);
    assertThat(seeds.next()).isNull();
    seeds.close();
    assertThat(ledger.entries()).isEmpty();
    assertThatThrownBy(() -> SeedsFile.open(dir.resolve("none.txt"), ledger))
        .isInstanceOf(NoSuchFileException.class);
    assertThat(ledger.entries()).isEmpty();
  }

  private List<String> read(byte[] content) throws IOException {
    Path file = Files.write(dir.resolve("seeds.txt"), content);
    List<String> read = new ArrayList<>();
    try (SeedsFile seeds = SeedsFile.open(file, new TestLedger())) {
      for (Line line = seeds.next(); line != null; line = seeds.next()) {
        read.add(
            switch (line) {
              case Line.Valid(var seed, int number) -> number + " " + seed.url() + labels(seed);
              case Line.Bad(Problem problem) -> problem.toString().replace(dir + "/", "");
            });
      }
    }
    return read;
  }

  private static String labels(Seed seed) {
    Labels labels = seed.labels();
    return labels.equals(Labels.NONE) ? "" : " " + labels.priority().word() + " " + labels.tag();
  }
}
