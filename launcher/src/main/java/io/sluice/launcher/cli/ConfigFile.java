package io.sluice.launcher.cli;

import io.sluice.core.config.ConfigLoader;
import io.sluice.core.config.LoadResult;
import io.sluice.core.config.Problem;
import io.sluice.core.config.SluiceConfig;
import io.sluice.launcher.process.CannotStart;
import java.nio.file.Path;
import java.util.Map;

/** Reads the config that a command names. Stateless. */
final class ConfigFile {

  private ConfigFile() {}

  /**
   * Loads {@code file} with the variables of the environment.
   *
   * @throws CannotStart with a line for each problem
   */
  static SluiceConfig load(Path file) throws CannotStart {
    return load(file, System.getenv());
  }

  /** {@link #load(Path)} with a given environment. */
  static SluiceConfig load(Path file, Map<String, String> environment) throws CannotStart {
    int processors = Runtime.getRuntime().availableProcessors();
    return switch (ConfigLoader.load(file, environment, processors)) {
      case LoadResult.Loaded(SluiceConfig config) -> config;
      case LoadResult.Invalid invalid ->
          throw new CannotStart(invalid.problems().stream().map(Problem::toString).toList());
    };
  }
}
