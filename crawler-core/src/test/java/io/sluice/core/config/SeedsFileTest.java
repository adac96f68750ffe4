package io.sluice.core.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.core.config.SeedsFile.Seed;
import io.sluice.core.resource.Ledger;
import io.sluice.core.resource.ResourceKind;
import io.sluice.core.url.Url;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SeedsFileTest {

  @TempDir private Path dir;

  @Test
  void everyLineIsAUrlACommentOrAProblem() throws IOException {
    String longest = "https://example.org/" + "x".repeat(SeedsFile.MAX_LINE_BYTES - 20);
    String text =
        "\uFEFFhttps://example.org/a\r\n# comment\n\n  https://example.org/b#c  \nno url\n"
            + longest
            + "x\nhttps://example.org/last";
    assertThat(read(text.getBytes(StandardCharsets.UTF_8)))
        .containsExactly(
            "1 https://example.org/a",
            "4 https://example.org/b",
            "seeds.txt:5: seed=no url: must be an absolute http or https URL: "
                + Url.explain("no url"),
            "seeds.txt:6: seed: is longer than 65536 bytes",
            "7 https://example.org/last");
  }

  @Test
  void aLineThatIsNotUtf8IsAProblem() throws IOException {
    assertThat(read(new byte[] {(byte) 0xff, '\n'}))
        .containsExactly("seeds.txt:1: seed: is not UTF-8 text");
  }

  @Test
  void anOpenFileStandsInTheLedgerUntilItIsClosed() throws IOException {
    Path file = Files.writeString(dir.resolve("seeds.txt"), "");
    OneEntry ledger = new OneEntry();
    SeedsFile seeds = SeedsFile.open(file, ledger);
    assertThat(ledger.open).isEqualTo(1);
    assertThat(seeds.next()).isNull();
    seeds.close();
    assertThat(ledger.open).isZero();
    assertThatThrownBy(() -> SeedsFile.open(dir.resolve("none.txt"), ledger))
        .isInstanceOf(NoSuchFileException.class);
    assertThat(ledger.open).isZero();
  }

  private List<String> read(byte[] content) throws IOException {
    Path file = Files.write(dir.resolve("seeds.txt"), content);
    List<String> read = new ArrayList<>();
    try (SeedsFile seeds = SeedsFile.open(file, new OneEntry())) {
      for (Seed seed = seeds.next(); seed != null; seed = seeds.next()) {
        read.add(
            switch (seed) {
              case Seed.Valid(var url, int line) -> line + " " + url;
              case Seed.Bad(Problem problem) -> problem.toString().replace(dir + "/", "");
            });
      }
    }
    return read;
  }

  /** A ledger that counts. */
  private static final class OneEntry implements Ledger {

    private int open;

    @Override
    public Entry enter(ResourceKind kind, String owner, int descriptor) {
      open++;
      return new Entry() {
        @Override
        public ResourceKind kind() {
          return kind;
        }

        @Override
        public String owner() {
          return owner;
        }

        @Override
        public int descriptor() {
          return descriptor;
        }

        @Override
        public void close() {
          open--;
        }
      };
    }

    @Override
    public Map<ResourceKind, Integer> open() {
      return Map.of();
    }

    @Override
    public List<Entry> entries() {
      return List.of();
    }
  }
}
