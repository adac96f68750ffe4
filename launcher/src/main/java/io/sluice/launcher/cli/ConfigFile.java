package io.sluice.launcher.cli;

import io.sluice.core.config.ConfigLoader;
import io.sluice.core.config.LoadResult;
import io.sluice.core.config.Problem;
import io.sluice.core.config.SluiceConfig;
import io.sluice.launcher.process.CannotStart;
import io.sluice.parser.rules.Expressions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Reads the config that a command names. Stateless. */
final class ConfigFile {

  private ConfigFile() {}

  /**
   * Loads {@code file} with this process's environment variables.
   *
   * @throws CannotStart with a line for each problem
   */
  static SluiceConfig load(Path file) throws CannotStart {
    return load(file, System.getenv());
  }

  /** {@link #load(Path)} with a given environment. */
  static SluiceConfig load(Path file, Map<String, String> environment) throws CannotStart {
    int processors = Runtime.getRuntime().availableProcessors();
    List<Problem> problems = new ArrayList<>();
    LoadResult result = ConfigLoader.load(file, environment, processors, new Expressions());
    if (result instanceof LoadResult.Invalid invalid) {
      problems.addAll(invalid.problems());
    }
    problems.addAll(ConfigLoader.strays(environment));
    if (result instanceof LoadResult.Loaded(SluiceConfig config) && problems.isEmpty()) {
      return config;
    }
    throw new CannotStart(problems.stream().map(Problem::toString).toList());
  }
}
