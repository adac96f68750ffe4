package io.sluice.launcher.cli;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options for a crawl without a file. Each option corresponds to a key of the config. */
final class RunOptions {

  @Option(
      names = "--max-pages",
      paramLabel = "N",
      description = "Maximum pages to fetch; 0: no limit (crawl.max-pages).")
  @Nullable String maxPages;

  @Option(
      names = "--depth",
      paramLabel = "N",
      description = "Maximum number of links from a seed (scope.max-depth).")
  @Nullable String depth;

  @Option(
      names = "--delay",
      paramLabel = "D",
      description = "Pause between two requests to a host: 500ms, 2s (politeness.delay).")
  @Nullable String delay;

  @Option(
      names = "--contact",
      paramLabel = "C",
      description =
          "An https URL or e-mail address for the operators of the sites (crawl.user-agent).")
  @Nullable String contact;

  @Option(
      names = "--dir",
      paramLabel = "DIR",
      description = "Where to keep a crawl of URLs; default: crawls/HOST (crawl.dir).")
  @Nullable Path dir;

  @Option(
      names = "--fresh",
      description = "Remove what an earlier run left in the crawl's directory, and start over.")
  boolean fresh;

  /** The options as environment variables, which override a config's values. */
  Map<String, String> variables() {
    Map<String, String> variables = new LinkedHashMap<>();
    put(variables, "SLUICE_CRAWL_MAX_PAGES", maxPages);
    put(variables, "SLUICE_SCOPE_MAX_DEPTH", depth);
    put(variables, "SLUICE_POLITENESS_DELAY", delay);
    put(variables, "SLUICE_CRAWL_DIR", dir == null ? null : dir.toString());
    return variables;
  }

  private static void put(Map<String, String> variables, String name, @Nullable String value) {
    if (value != null) {
      variables.put(name, value);
    }
  }
}
