package io.sluice.launcher.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.core.config.FixedKeys;
import io.sluice.launcher.TestConfig;
import io.sluice.launcher.process.CrawlFiles;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A config that changes a setting fixed by its crawl directory is refused before anything begins.
 */
class RefusedChangesTest {

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @TempDir Path dir;
  private CrawlFiles crawl;

  @BeforeEach
  void aCrawlIsThere() throws IOException {
    crawl = new CrawlFiles(Files.createDirectory(dir.resolve("crawl")));
    FixedKeys.of(TestConfig.read(config("docs"))).write(crawl.dir(), crawl.brief());
  }

  @Test
  void runSaysNothingOfACrawlThatItDoesNotBegin() throws IOException {
    assertThat(execute("run", config("other").toString())).isEqualTo(1);
    refusedInOneLine();
    assertThat(crawl.run()).doesNotExist();
  }

  @Test
  void theConfigThatAFetcherRefusesIsNotKeptAsThatOfTheLastRun() throws IOException {
    assertThat(execute("fetcher", config("other").toString())).isEqualTo(1);
    refusedInOneLine();
    assertThat(crawl.lastConfig()).doesNotExist();
  }

  private void refusedInOneLine() {
    assertThat(err.toString())
        .contains("crawl.name=other: cannot change in an existing crawl directory; set it to docs")
        .hasLineCount(1);
    assertThat(out.toString()).isEmpty();
  }

  private Path config(String name) throws IOException {
    return Files.writeString(
        dir.resolve(name + ".yaml"),
        """
        crawl:
          name: %s
          dir: %s
          seeds: ["http://example.test/"]
          user-agent: "SluiceTest/1.0 (+mailto:tests@sluice.test)"
        redis: { uri: "redis://127.0.0.1:1" }
        """
            .formatted(name, crawl.dir()));
  }

  private int execute(String... words) {
    return SluiceCommand.commandLine(new PrintWriter(out, true), new PrintWriter(err, true))
        .execute(words);
  }
}
