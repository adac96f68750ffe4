package io.sluice.parser.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.core.config.ConfigLoader;
import io.sluice.core.config.LoadResult;
import io.sluice.core.config.SluiceConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PageMemoryTest {

  private static final long THREAD = 256 << 20;

  @TempDir private Path dir;

  private SluiceConfig config(String more) throws IOException {
    Path file =
        Files.writeString(
            dir.resolve("crawler.yaml"),
            """
            crawl:
              user-agent: Sluice/1 (+https://example.org/)
              seeds: [https://example.org/]
            """
                + more);
    return ((LoadResult.Loaded) ConfigLoader.load(file, Map.of(), 1)).config();
  }

  @Test
  void mainTextAndFieldsLeaveLessRoomForATree() throws IOException {
    long plain = PageMemory.treeBytes(config(""), THREAD);
    long text = PageMemory.treeBytes(config("parser: { fields: [main-text] }"), THREAD);
    long markdown =
        PageMemory.treeBytes(config("parser: { fields: [main-text, markdown] }"), THREAD);
    long fields =
        PageMemory.treeBytes(
            config("extract: [{ match: a.test, fields: { f: { css: p } } }]"), THREAD);
    assertThat(text).isLessThan(plain - (2 << 20));
    assertThat(markdown).isLessThan(text - (8 << 20));
    assertThat(PageMemory.baseBytes(config("parser: { fields: [detected-language] }")))
        .isGreaterThan(PageMemory.baseBytes(config("")) + (28 << 20));
    assertThat(fields).isLessThan(plain - (2 << 20));
  }
}
