package io.sluice.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.core.config.ConfigLoader;
import io.sluice.core.config.LoadResult;
import io.sluice.core.config.SluiceConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * Configs for tests, loaded as on a machine with two processors and no environment variables.
 * Stateless.
 */
public final class TestConfig {

  private TestConfig() {}

  /** Loads a config with one seed and further sections; writes its file to {@code dir}. */
  public static SluiceConfig with(Path dir, String sections) throws IOException {
    return read(
        Files.writeString(
            dir.resolve("crawl.yaml"),
            """
            crawl:
              seeds: ["https://example.org/"]
              user-agent: "SluiceTest/1.0 (+mailto:tests@sluice.test)"
            %s
            """
                .formatted(sections)));
  }

  /** Loads a file, which must be valid. */
  public static SluiceConfig read(Path file) {
    LoadResult read = ConfigLoader.load(file, Map.of(), 2);
    assertThat(read).isInstanceOf(LoadResult.Loaded.class);
    return ((LoadResult.Loaded) read).config();
  }
}
