package io.sluice.launcher.cli;

import io.sluice.core.config.ConfigLoader;
import io.sluice.core.config.LoadResult;
import io.sluice.core.config.Problem;
import io.sluice.core.config.SluiceConfig;
import io.sluice.launcher.process.CannotStart;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * Loads a config from text, before the text is saved. Since the loader only reads files, the text
 * is written to a temporary one. Stateless.
 */
final class DraftConfig {

  /** Maps each key of the file to the option that sets it. */
  private static final Map<String, String> OPTIONS =
      Map.of(
          "crawl.max-pages", "--max-pages",
          "scope.max-depth", "--depth",
          "politeness.delay", "--delay",
          "crawl.user-agent", "--contact");

  /** Reads the temporary file. */
  @FunctionalInterface
  private interface Reader {
    SluiceConfig read(Path file) throws CannotStart;
  }

  private DraftConfig() {}

  /**
   * Loads a config that was built from options.
   *
   * @throws CannotStart with a line for each problem, which names the option
   */
  static SluiceConfig load(String yaml) throws CannotStart, IOException {
    return inAFile(
        yaml,
        file ->
            switch (ConfigLoader.load(file, Map.of(), 1)) {
              case LoadResult.Loaded(SluiceConfig config) -> config;
              case LoadResult.Invalid invalid ->
                  throw new CannotStart(
                      invalid.problems().stream().map(DraftConfig::ofOption).toList());
            });
  }

  /**
   * Loads a config from text with the given environment variables, as {@link ConfigFile} loads a
   * file.
   */
  static SluiceConfig load(String yaml, Map<String, String> environment)
      throws CannotStart, IOException {
    return inAFile(yaml, file -> ConfigFile.load(file, environment));
  }

  private static SluiceConfig inAFile(String yaml, Reader reader) throws CannotStart, IOException {
    Path file = Files.createTempFile("sluice", ".yaml");
    try {
      Files.writeString(file, yaml);
      return reader.read(file);
    } finally {
      Files.delete(file);
    }
  }

  /** Rewrites a problem with a key as a problem with the option that sets it. */
  private static String ofOption(Problem problem) {
    String name = OPTIONS.getOrDefault(problem.key(), problem.key());
    String reason = problem.reason().replaceAll("; (remove|unset) it to use .*", "");
    return "%s=%s: %s (%s)".formatted(name, problem.value(), reason, problem.key());
  }
}
