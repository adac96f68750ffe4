package io.sluice.core.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.core.config.LoadResult.Invalid;
import io.sluice.core.config.LoadResult.Loaded;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Writes configurations for tests and loads them on a machine of eight processors. */
final class ConfigFiles {

  static final int PROCESSORS = 8;

  /** The shortest valid config; further text continues the mapping. */
  static final String MINIMAL =
      """
      crawl:
        user-agent: Sluice/1 (+https://example.org/)
        seeds: [https://example.org/]
      """;

  private ConfigFiles() {}

  static LoadResult load(Path dir, String yaml, Map<String, String> environment)
      throws IOException {
    Path file = Files.writeString(dir.resolve("crawler.yaml"), yaml);
    return ConfigLoader.load(file, environment, PROCESSORS);
  }

  static SluiceConfig valid(Path dir, String yaml, Map<String, String> environment)
      throws IOException {
    LoadResult result = load(dir, yaml, environment);
    assertThat(result).isInstanceOf(Loaded.class);
    return ((Loaded) result).config();
  }

  static SluiceConfig valid(Path dir, String yaml) throws IOException {
    return valid(dir, yaml, Map.of());
  }

  /** The problems, as lines without the file's directory. */
  static List<String> problems(Path dir, String yaml, Map<String, String> environment)
      throws IOException {
    LoadResult result = load(dir, yaml, environment);
    assertThat(result).isInstanceOf(Invalid.class);
    return ((Invalid) result)
        .problems().stream().map(problem -> problem.toString().replace(dir + "/", "")).toList();
  }

  static List<String> problems(Path dir, String yaml) throws IOException {
    return problems(dir, yaml, Map.of());
  }
}
