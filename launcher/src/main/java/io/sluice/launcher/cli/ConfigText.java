package io.sluice.launcher.cli;

import io.sluice.core.config.Seed;
import io.sluice.core.config.SluiceConfig;
import io.sluice.core.url.Url;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A crawl's config as {@code sluice run URL} and {@code sluice init} write it: a few keys, with
 * comments. Values are kept as the file spells them; the loader validates them. Immutable.
 *
 * @param heading comment lines at the top, without the {@code #}
 * @param seeds URLs where the crawl begins
 */
record ConfigText(
    List<String> heading,
    String name,
    String dir,
    List<String> seeds,
    String userAgent,
    String maxPages,
    String maxDepth,
    String delay,
    String adminPort) {

  ConfigText {
    heading = List.copyOf(heading);
    seeds = List.copyOf(seeds);
  }

  /** Returns the settings of a loaded config, with values in a canonical spelling. */
  static ConfigText of(List<String> heading, SluiceConfig config) {
    return new ConfigText(
        heading,
        config.crawl().name(),
        config.crawl().dir().toString(),
        config.crawl().seeds().stream().map(Seed::url).map(Url::href).toList(),
        config.crawl().userAgent(),
        Long.toString(config.crawl().maxPages()),
        Integer.toString(config.scope().maxDepth()),
        text(config.politeness().delay()),
        Integer.toString(config.admin().port()));
  }

  /** This config with other seeds. */
  ConfigText withSeeds(List<String> others) {
    return new ConfigText(
        heading, name, dir, others, userAgent, maxPages, maxDepth, delay, adminPort);
  }

  /** The file's text. */
  String yaml() {
    String comments =
        heading.stream().map(line -> "# " + line + "\n").collect(Collectors.joining());
    String list =
        seeds.stream().map(seed -> "    - " + quoted(seed)).collect(Collectors.joining("\n"));
    return comments
        + """
        # config/crawler.yaml explains these and all other keys; `sluice check FILE` finds mistakes.
        crawl:
          name: %s
          dir: %s
          seeds:                     # where the crawl begins
        %s
          user-agent: %s
                                     # what sites see: a name, and how to reach you
          max-pages: %-15s # 0: no limit

        scope:
          domains: []                # empty: the registered domains of the seeds
          include: []                # regular expressions, found anywhere in a URL; empty: all
          exclude: []                # for instance '\\.(pdf|zip)$'
          max-depth: %-15s # links from a seed

        politeness:
          delay: %-19s # between two requests to a host; robots.txt is obeyed

        output:
          jsonl: true                # a record for each page: URL, status, title, text, links, …
          warc: true                 # requests and responses as they were sent

        admin:
          port: %-20s # status, metrics and the live page, on loopback; 0: any free one
        """
            .formatted(
                quoted(name),
                quoted(dir),
                list,
                quoted(userAgent),
                quoted(maxPages),
                quoted(maxDepth),
                quoted(delay),
                quoted(adminPort));
  }

  /** Returns this config for a crawl directory that was moved. */
  ConfigText in(String otherDir) {
    return new ConfigText(
        heading, name, otherDir, seeds, userAgent, maxPages, maxDepth, delay, adminPort);
  }

  /** An absolute path, for a config that may be used from any directory. */
  static String absolute(Path dir) {
    return dir.toAbsolutePath().normalize().toString();
  }

  /** A YAML scalar: plain if that is safe, otherwise in double quotes (YAML 1.2, section 7.3.1). */
  private static String quoted(String text) {
    if (text.matches("[A-Za-z0-9][A-Za-z0-9./_-]*|/[A-Za-z0-9./_-]*")) {
      return text;
    }
    StringBuilder out = new StringBuilder("\"");
    text.codePoints()
        .forEach(
            c -> {
              if (c == '"' || c == '\\') {
                out.append('\\').appendCodePoint(c);
              } else if (c < ' ' || c == 0x7f || (c >= 0x80 && c < 0xa0)) {
                out.append("\\x%02x".formatted(c));
              } else {
                out.appendCodePoint(c);
              }
            });
    return out.append('"').toString().replace("${", "$${");
  }

  /** A duration in the spelling of a config. */
  static String text(Duration duration) {
    long millis = duration.toMillis();
    return millis % 1000 == 0 ? millis / 1000 + "s" : millis + "ms";
  }
}
