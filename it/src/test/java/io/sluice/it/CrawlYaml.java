package io.sluice.it;

import io.sluice.core.stream.PartitionKeys;
import io.sluice.it.web.LoggedWeb;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Writes the configuration of a test's crawl. */
final class CrawlYaml {

  /** The keys of a test's crawl, {@code it}, in Redis. */
  static final PartitionKeys KEYS = new PartitionKeys("it", 0);

  private final Path dir;
  private String name = KEYS.crawl();
  private String redis = "embedded";
  private String delay = "0s";
  private String addresses = "127.0.0.0/8";
  private String fetcher = "";
  private String extra = "";
  private String furtherSeeds = "";

  private CrawlYaml(Path dir) {
    this.dir = dir;
  }

  /** Returns a config for a crawl with its files below {@code dir}. */
  static CrawlYaml in(Path dir) {
    return new CrawlYaml(dir);
  }

  /** Sets {@code crawl.name}; the default is {@code it}. */
  CrawlYaml name(String crawlName) {
    name = crawlName;
    return this;
  }

  /** Uses a Redis server that is already running. */
  CrawlYaml redis(String uri) {
    redis = uri;
    return this;
  }

  /** Sets {@code politeness.delay}, which is zero by default. */
  CrawlYaml delay(String duration) {
    delay = duration;
    return this;
  }

  /** Sets the special addresses that may be fetched from, in CIDR notation; loopback by default. */
  CrawlYaml allow(String cidr) {
    addresses = cidr;
    return this;
  }

  /** Adds keys to the section {@code fetcher}. */
  CrawlYaml fetcher(String... keys) {
    fetcher += String.join("\n  ", keys);
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

  /** Writes the file for a crawl of the given web. */
  Path of(LoggedWeb web) throws IOException {
    return write(web.seed(), "test", web.port(), web.nameServer(), web.scope());
  }

  /** Writes the file for any web on loopback. */
  Path write(String seed, String domain, int port, String nameServer, String include)
      throws IOException {
    String yaml =
        """
        crawl:
          name: %s
          dir: %s
          seeds: ["%s"%s]
          user-agent: "SluiceTest/1.0 (+mailto:tests@sluice.test)"
        scope:
          domains: [%s]
          %s
        politeness:
          delay: %s
        fetcher:
          addresses: { allow: ["%s"], ports: [%d] }
          dns: { servers: ["%s"] }
          %s
        redis:
          uri: %s
        admin:
          port: 0
        %s
        """
            .formatted(
                name,
                crawlDir().path(),
                seed,
                furtherSeeds,
                domain,
                include,
                delay,
                addresses,
                port,
                nameServer,
                fetcher,
                redis,
                extra);
    Files.createDirectories(dir);
    return Files.writeString(dir.resolve("crawl.yaml"), yaml);
  }
}
