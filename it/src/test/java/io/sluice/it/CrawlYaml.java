package io.sluice.it;

import io.sluice.it.web.LoggedWeb;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Writes the configuration of a test's crawl. */
final class CrawlYaml {

  private final Path dir;
  private String redis = "embedded";
  private String delay = "0s";
  private String extra = "";
  private String furtherSeeds = "";

  private CrawlYaml(Path dir) {
    this.dir = dir;
  }

  /** A crawl of files below {@code dir}. */
  static CrawlYaml in(Path dir) {
    return new CrawlYaml(dir);
  }

  /** Uses a Redis that is already there. */
  CrawlYaml redis(String uri) {
    redis = uri;
    return this;
  }

  /** Sets {@code politeness.delay}; there is none otherwise. */
  CrawlYaml delay(String duration) {
    delay = duration;
    return this;
  }

  /** Adds further sections, as YAML. */
  CrawlYaml with(String yaml) {
    extra += yaml;
    return this;
  }

  /** Adds a seed. */
  CrawlYaml seed(String url) {
    furtherSeeds += ", \"" + url + "\"";
    return this;
  }

  /** The crawl's directory. */
  CrawlDir crawlDir() {
    return new CrawlDir(dir.resolve("crawl"));
  }

  /** Writes the file for a crawl of a web. */
  Path of(LoggedWeb web) throws IOException {
    return write(web.seed(), "test", web.port(), web.nameServer(), web.scope());
  }

  /** Writes the file for any web on loopback. */
  Path write(String seed, String domain, int port, String nameServer, String include)
      throws IOException {
    String yaml =
        """
        crawl:
          name: it
          dir: %s
          seeds: ["%s"%s]
          user-agent: "SluiceTest/1.0 (+mailto:tests@sluice.test)"
        scope:
          domains: [%s]
          %s
        politeness:
          delay: %s
        fetcher:
          addresses: { allow: ["127.0.0.0/8"], ports: [%d] }
          dns: { servers: ["%s"] }
        redis:
          uri: %s
        admin:
          port: 0
        %s
        """
            .formatted(
                crawlDir().path(),
                seed,
                furtherSeeds,
                domain,
                include,
                delay,
                port,
                nameServer,
                redis,
                extra);
    return Files.writeString(dir.resolve("crawl.yaml"), yaml);
  }
}
