package io.sluice.core.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.snakeyaml.engine.v2.nodes.MappingNode;

/**
 * Loads a YAML file into settings. All problems are found in one pass. Stateless.
 *
 * <p>A value may contain <code>${NAME}</code> or <code>${NAME:-default}</code>; {@code $$} before a
 * brace keeps it as it is. A non-empty environment variable named like a key that is not a list,
 * such as {@code SLUICE_REDIS_URI} for {@code redis.uri}, takes the place of the file's value.
 * Other variables that begin with {@code SLUICE_} mean nothing here.
 */
public final class ConfigLoader {

  private ConfigLoader() {}

  /**
   * Loads a configuration.
   *
   * @param file the YAML file, UTF-8, 16 MiB at most; problems name it as it is given here
   * @param environment the process's environment variables
   * @param processors what {@code auto} is reckoned from, at least 1
   */
  public static LoadResult load(Path file, Map<String, String> environment, int processors) {
    Reading reading = new Reading(Echo.of(file.toString()), environment);
    MappingNode root = YamlFile.read(file, reading);
    if (root == null) {
      return new LoadResult.Invalid(reading.problems());
    }
    SluiceConfig config = Schema.read(Section.root(reading, root), processors);
    List<Problem> problems = reading.problems();
    return problems.isEmpty() ? new LoadResult.Loaded(config) : new LoadResult.Invalid(problems);
  }

  /** Every key that exists, in the order of config/crawler.yaml. */
  public static List<Key> keys() {
    Reading reading = new Reading("", Map.of());
    // Of an empty file only the keys matter: its missing seeds are reported to nobody.
    Schema.read(Section.root(reading, null), 1);
    return reading.keys();
  }
}
