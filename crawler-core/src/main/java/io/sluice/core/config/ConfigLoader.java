package io.sluice.core.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.snakeyaml.engine.v2.nodes.MappingNode;

/**
 * Loads a YAML file into settings. All problems are found in one pass. Stateless.
 *
 * <p>A value may contain <code>${NAME}</code> or <code>${NAME:-default}</code>; {@code $$} before a
 * brace keeps it as it is. A non-empty environment variable named like a key that is not a list,
 * such as {@code SLUICE_REDIS_URI} for {@code redis.uri}, overrides the file's value. Other
 * variables that begin with {@code SLUICE_} are ignored here; {@link #strays} finds them.
 */
public final class ConfigLoader {

  /**
   * Known variables that are not keys: Sluice's directory, options of its JVM, and the config's
   * name for Docker Compose.
   */
  private static final Set<String> OTHERS =
      Set.of("SLUICE_CONFIG", "SLUICE_HOME", "SLUICE_JAVA_OPTS");

  private ConfigLoader() {}

  /** Loads a configuration without compiling the expressions of its section {@code extract}. */
  public static LoadResult load(Path file, Map<String, String> environment, int processors) {
    return load(file, environment, processors, ExpressionCheck.NONE);
  }

  /**
   * Loads a configuration.
   *
   * @param file the YAML file, UTF-8, at most 16 MiB; problems show its name as given
   * @param environment the process's environment variables
   * @param processors the number that {@code auto} is computed from, at least 1
   * @param expressions checks whether the expressions of section {@code extract} compile
   */
  public static LoadResult load(
      Path file, Map<String, String> environment, int processors, ExpressionCheck expressions) {
    Reading reading = new Reading(Echo.of(file.toString()), environment, expressions);
    MappingNode root = YamlFile.read(file, reading);
    if (root == null) {
      return new LoadResult.Invalid(reading.problems());
    }
    SluiceConfig config = Schema.read(Section.root(reading, root), processors);
    List<Problem> problems = reading.problems();
    return problems.isEmpty() ? new LoadResult.Loaded(config) : new LoadResult.Invalid(problems);
  }

  /**
   * The variables that begin with {@code SLUICE_} and are ignored: most likely misspelled ones, so
   * that the file's value would win unnoticed. Those that Kubernetes sets for a service named
   * <i>sluice</i> are left out.
   */
  public static List<Problem> strays(Map<String, String> environment) {
    List<String> known = keys().stream().filter(key -> !key.list()).map(Key::variable).toList();
    List<String> lists = keys().stream().filter(Key::list).map(Key::variable).toList();
    return environment.keySet().stream()
        .filter(name -> name.startsWith("SLUICE_"))
        .filter(name -> !known.contains(name) && !lists.contains(name) && !OTHERS.contains(name))
        .filter(name -> !ofAService(name, environment.getOrDefault(name, "")))
        .sorted()
        .map(
            name ->
                new Problem(
                    Echo.of(name),
                    0,
                    "",
                    null,
                    "is not a variable that Sluice reads; unset it",
                    Nearest.to(name, known)))
        .toList();
  }

  private static boolean ofAService(String name, String value) {
    return name.matches("SLUICE_(\\w+_)?SERVICE_(HOST|PORT)\\w*")
        || name.matches("SLUICE_(\\w+_)?PORT_\\d+_(TCP|UDP|SCTP)\\w*")
        || value.matches("(tcp|udp|sctp)://.*");
  }

  /** Every key that exists, in the order of config/crawler.yaml. */
  public static List<Key> keys() {
    Reading reading = new Reading("", Map.of());
    // Reading an empty file declares every key; the missing seeds are not reported.
    Schema.read(Section.root(reading, null), 1);
    return reading.keys();
  }
}
