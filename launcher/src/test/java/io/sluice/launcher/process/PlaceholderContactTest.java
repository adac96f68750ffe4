package io.sluice.launcher.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.core.config.ConfigLoader;
import io.sluice.core.config.LoadResult;
import io.sluice.core.config.SluiceConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A crawl visits other people's sites only if its user can be reached. */
class PlaceholderContactTest {

  @TempDir Path dir;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Bot/1 (+https://example.org/crawler)         | https://docs.python.org/ | true",
        "Bot/1 (me@example.com)                       | https://docs.python.org/ | true",
        "Bot/1 (+http://localhost/)                   | https://docs.python.org/ | true",
        "Bot/1 (+http://127.0.0.1:80/)                | http://93.184.216.34/    | true",
        "Bot/1 (+mailto:me@sub.example.net)           | https://docs.python.org/ | true",
        "Bot/1 (+https://crawler.wikipedia.org/)      | https://docs.python.org/ | false",
        "Bot/1 (me@example.org; me@wikipedia.org)     | https://docs.python.org/ | false",
        "Bot/1 (+https://example.org/)                | http://localhost:8000/   | false",
        "Bot/1 (+https://example.org/)                | http://192.168.1.4/      | false",
        "Bot/1 (+https://example.org/)                | https://docs.example.org/| false",
        "Bot/1 (+https://example.org/)                | http://wiki.corp/        | false",
      })
  void aContactMustLeadSomewhereWhereASeedIsASiteOfOthers(
      String agent, String seed, boolean refused) throws IOException {
    assertThat(PlaceholderContact.problem(config(agent, seed)).isPresent()).isEqualTo(refused);
  }

  @Test
  void aCrawlWithoutOneDoesNotStart() throws IOException {
    SluiceConfig config = config("Bot/1 (+https://example.org/)", "https://docs.python.org/");
    assertThatThrownBy(() -> SeedCheck.atStart(config, _ -> {}))
        .isInstanceOf(CannotStart.class)
        .hasMessageContaining("crawl.user-agent=Bot/1 (+https://example.org/): the operators of");
  }

  private SluiceConfig config(String agent, String seed) throws IOException {
    Path file =
        Files.writeString(
            dir.resolve("crawl.yaml"),
            "crawl: { dir: \"%s/crawl\", seeds: [\"%s\"], user-agent: \"%s\" }\n"
                .formatted(dir, seed, agent));
    if (ConfigLoader.load(file, Map.of(), 1) instanceof LoadResult.Loaded(SluiceConfig config)) {
      return config;
    }
    throw new AssertionError(ConfigLoader.load(file, Map.of(), 1));
  }
}
