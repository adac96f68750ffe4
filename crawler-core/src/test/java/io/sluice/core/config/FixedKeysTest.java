package io.sluice.core.config;

import static io.sluice.core.config.ConfigFiles.MINIMAL;
import static io.sluice.core.config.ConfigFiles.valid;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.core.resource.BriefFiles;
import io.sluice.core.resource.ResourceKind;
import io.sluice.core.testing.TestLedger;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FixedKeysTest {

  private final BriefFiles files = new BriefFiles(new TestLedger(), ResourceKind.OTHER, "test");

  @TempDir private Path dir;

  @Test
  void whatIsWrittenIsReadAgain() throws IOException {
    Path crawlDir = Files.createDirectory(dir.resolve("crawl"));
    assertThat(FixedKeys.read(crawlDir, files)).isEmpty();
    FixedKeys keys = FixedKeys.of(valid(dir, MINIMAL));
    keys.write(crawlDir, files);
    keys.write(crawlDir, files);
    assertThat(FixedKeys.read(crawlDir, files)).hasToString("Optional[" + keys + "]");
    assertThat(keys).hasToString("{crawl.name=crawl, frontier.shards=4}");
    assertThat(crawlDir).isDirectoryContaining("glob:**/" + FixedKeys.FILE);
    try (var files = Files.list(crawlDir)) {
      assertThat(files).hasSize(1);
    }
  }

  @Test
  void aKeyThatIsFixedCannotChange() throws IOException {
    SluiceConfig old = valid(dir, MINIMAL);
    SluiceConfig now =
        valid(dir, MINIMAL + "  name: other\nfrontier: {shards: 8}\nfetcher: {attempts: 9}\n");
    FixedKeys keys = FixedKeys.of(old);
    assertThat(keys.refused(keys, "./crawls/crawl")).isEmpty();
    assertThat(keys.refused(FixedKeys.of(now), "./crawls/other"))
        .map(Problem::toString)
        .containsExactly(
            "./crawls/other: crawl.name=other: cannot change in an existing crawl directory; set"
                + " it to crawl, or crawl.dir to a new one",
            "./crawls/other: frontier.shards=8: cannot change in an existing crawl directory; set"
                + " it to 4, or crawl.dir to a new one");
  }

  @Test
  void aKeyOfAnotherVersionIsNotCompared() throws IOException {
    Files.writeString(dir.resolve(FixedKeys.FILE), "# old\nlong.gone=1\ncrawl.name=crawl\n");
    FixedKeys old = FixedKeys.read(dir, files).orElseThrow();
    assertThat(old.refused(FixedKeys.of(valid(dir, MINIMAL)), "crawls/x")).isEmpty();
  }

  @Test
  void aDamagedFileIsRefused() throws IOException {
    Files.writeString(dir.resolve(FixedKeys.FILE), "crawl.name");
    assertThatThrownBy(() -> FixedKeys.read(dir, files))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("is damaged: no key was found in the line crawl.name");
  }
}
