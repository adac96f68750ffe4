package io.sluice.launcher.supervise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.core.config.ConfigLoader;
import io.sluice.core.config.LoadResult;
import io.sluice.core.config.SluiceConfig;
import io.sluice.launcher.process.CannotStart;
import io.sluice.launcher.process.CrawlFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Only a crawl's directory is emptied. */
class CrawlRemovalTest {

  @TempDir Path dir;

  private Path crawl;

  @BeforeEach
  void aCrawl() throws IOException {
    crawl = dir.resolve("crawl");
    write("frontier/identity", "");
    write("output/pages/x.jsonl.gz", "pages");
    write("logs/fetcher.log", "");
  }

  @Test
  void allButTheDirectoryItselfAndItsLockIsRemoved() throws Exception {
    Path link = Files.createSymbolicLink(dir.resolve("link"), crawl);
    CrawlRemoval.remove(link);
    assertThat(link).isSymbolicLink();
    assertThat(crawl).isDirectoryContaining("glob:**/run").isDirectoryNotContaining("glob:**/o*");
    assertThat(crawl.resolve("run")).isDirectoryContaining("glob:**/crawl.lock");
    assertThat(files(crawl)).containsExactly(crawl.resolve("run/crawl.lock"));
  }

  @Test
  void whatASymbolicLinkInItNamesIsLeftAlone() throws Exception {
    Path other = Files.createDirectories(dir.resolve("other"));
    Files.writeString(other.resolve("mine"), "");
    Files.createSymbolicLink(crawl.resolve("parser"), other);
    CrawlRemoval.remove(crawl);
    assertThat(other.resolve("mine")).exists();
  }

  @Test
  void namesAloneDoNotMakeADirectoryACrawls() throws Exception {
    Files.delete(crawl.resolve("frontier/identity"));
    write("crawl.properties", "of=something else");
    write("crawl.yaml", "mine: true");
    assertThatThrownBy(() -> CrawlRemoval.remove(crawl))
        .isInstanceOf(CannotStart.class)
        .hasMessageContaining("is not a crawl's directory");
    assertThat(crawl.resolve("output/pages/x.jsonl.gz")).exists();
  }

  @Test
  void aCrawlThatRunsIsLeftAlone() throws Exception {
    try (CrawlLock _ = CrawlLock.take(new CrawlFiles(crawl))) {
      assertThatThrownBy(() -> CrawlRemoval.remove(crawl)).hasMessageContaining("in use by");
    }
    assertThat(crawl.resolve("frontier/identity")).exists();
  }

  @Test
  void aRedisOfOnesOwnWouldKeepTheCrawlsKeysSoTheCommandThatRemovesThemIsNamed() throws Exception {
    assertThatThrownBy(() -> CrawlRemoval.check(config("redis://u:secret@r.test:6379")))
        .isInstanceOf(CannotStart.class)
        .hasMessageContaining("`sluice forget mine --redis redis://")
        .hasMessageNotContaining("secret");
    CrawlRemoval.check(config("embedded"));
  }

  @Test
  void aFileThatTheExportWroteMayBeWrittenFromItsBeginning() throws Exception {
    write("export/0123", "sluice export 1\nto /tmp/pages.jsonl\nlength 70\na.jsonl.gz 50\n");
    CrawlRemoval.remove(crawl);
    assertThat(crawl.resolve("export/0123"))
        .hasContent("sluice export 1\nto /tmp/pages.jsonl\nlength 0\n");
  }

  private void write(String name, String text) throws IOException {
    Path file = crawl.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  private static List<Path> files(Path dir) throws IOException {
    try (var all = Files.walk(dir)) {
      return all.filter(Files::isRegularFile).toList();
    }
  }

  private SluiceConfig config(String redis) throws IOException {
    Path file = dir.resolve("crawl.yaml");
    Files.writeString(
        file,
        """
        crawl: {name: mine, dir: "%s", seeds: [http://127.0.0.1/], user-agent: "T/1 (+http://t.test/)"}
        redis: {uri: "%s"}
        """
            .formatted(crawl, redis));
    if (ConfigLoader.load(file, Map.of(), 1) instanceof LoadResult.Loaded(SluiceConfig config)) {
      return config;
    }
    throw new AssertionError(ConfigLoader.load(file, Map.of(), 1));
  }
}
