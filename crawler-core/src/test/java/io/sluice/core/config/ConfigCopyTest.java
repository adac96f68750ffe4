package io.sluice.core.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The copy of a config loads to the same settings, needs no variable, and holds no password. */
class ConfigCopyTest {

  private static final String YAML =
      """
      crawl:
        name: ${NAME:-docs}
        dir: ./crawls/docs
        seeds:
          - https://docs.example.org/
          - { url: "https://docs.example.org/$${x}", priority: high }
        user-agent: "Bot/1 (+https://example.org/)"
      scope:
        exclude: ['\\.pdf$', "\u00e9"]
        max-depth: 4
      politeness:
      redis:
        uri: "redis://:${PASSWORD}@redis.example.org:6379"
      """;

  @TempDir Path dir;

  @Test
  void aCopyLoadsAsTheConfigDidWithoutItsVariablesAndItsRedis() throws IOException {
    Map<String, String> variables =
        Map.of("NAME", "mine", "PASSWORD", "secret", "SLUICE_SCOPE_MAX_DEPTH", "7");
    Path file = Files.writeString(dir.resolve("crawl.yaml"), YAML);
    String copy = ConfigCopy.of(file, variables);
    assertThat(copy).doesNotContain("secret", "redis://");

    SluiceConfig was = loaded(file, variables);
    SluiceConfig is = loaded(Files.writeString(dir.resolve("copy.yaml"), copy), Map.of());
    assertThat(is.crawl().name()).isEqualTo("mine");
    assertThat(is.crawl().dir()).isEqualTo(Path.of("crawls/docs").toAbsolutePath());
    assertThat(is.crawl().seeds()).isEqualTo(was.crawl().seeds());
    assertThat(is.crawl().userAgent()).isEqualTo(was.crawl().userAgent());
    assertThat(is.scope().maxDepth()).isEqualTo(7);
    assertThat(is.scope().exclude())
        .extracting(Pattern::pattern)
        .containsExactlyElementsOf(was.scope().exclude().stream().map(Pattern::pattern).toList());
    assertThat(is.redis().embedded()).isTrue();
  }

  @Test
  void aRedisThatAVariableNamesIsLeftOutWithItsPassword() throws IOException {
    Map<String, String> variables =
        Map.of("PASSWORD", "unused", "SLUICE_REDIS_URI", "redis://:hunter2@redis.example.org:6379");
    Path file = Files.writeString(dir.resolve("crawl.yaml"), YAML);
    assertThat(loaded(file, variables).redis().uri()).contains("hunter2");

    assertThat(ConfigCopy.of(file, variables)).doesNotContain("hunter2", "redis");
  }

  private static SluiceConfig loaded(Path file, Map<String, String> variables) {
    if (ConfigLoader.load(file, variables, 1) instanceof LoadResult.Loaded(SluiceConfig config)) {
      return config;
    }
    throw new AssertionError(ConfigLoader.load(file, variables, 1));
  }
}
