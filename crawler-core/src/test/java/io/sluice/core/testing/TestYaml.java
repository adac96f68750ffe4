package io.sluice.core.testing;

import io.sluice.core.config.ConfigLoader;
import io.sluice.core.config.LoadResult;
import io.sluice.core.config.SluiceConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Configs for tests, read by the real loader, so that a new key has its default in every test. */
public final class TestYaml {

  private static final String REQUIRED =
      """
      crawl:
        user-agent: Sluice-Test/1.0 (+http://localhost/)
        seeds: [http://a.test/]
      """;

  private TestYaml() {}

  /** The settings that a file with only a user agent and a seed gives on one processor. */
  public static SluiceConfig defaults() {
    try {
      Path file = Files.createTempFile("sluice-test", ".yaml");
      try {
        Files.writeString(file, REQUIRED);
        return switch (ConfigLoader.load(file, Map.of(), 1)) {
          case LoadResult.Loaded loaded -> loaded.config();
          case LoadResult.Invalid invalid ->
              throw new IllegalStateException(invalid.problems().toString());
        };
      } finally {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
