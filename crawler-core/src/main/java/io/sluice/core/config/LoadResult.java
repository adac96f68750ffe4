package io.sluice.core.config;

import java.util.List;

/** The result of loading a configuration. */
public sealed interface LoadResult {

  /** The configuration is valid. */
  record Loaded(SluiceConfig config) implements LoadResult {}

  /**
   * The configuration cannot be used.
   *
   * @param problems at least one; those of the file by line, then those of the environment
   */
  record Invalid(List<Problem> problems) implements LoadResult {
    public Invalid {
      problems = List.copyOf(problems);
    }
  }
}
