package io.sluice.it;

import io.sluice.it.web.HostileWeb;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** Writes the configuration of a crawl of the hostile web. Stateless. */
final class HostileYaml {

  /** The value of {@code fetcher.attempts}. */
  static final int ATTEMPTS = 2;

  private HostileYaml() {}

  /**
   * Writes {@code dir/crawl.yaml} for a crawl in {@code dir/crawl}.
   *
   * @param delay time between two visits to a host
   * @param patience timeout for a server's first byte, and between two reads
   * @param connectionsPerHost maximum number of concurrent requests to a host
   */
  static Path write(
      Path dir, HostileWeb web, Duration delay, Duration patience, int connectionsPerHost)
      throws IOException {
    String yaml =
        """
        crawl:
          name: hostile
          dir: %s
          seeds: ["%s"]
          user-agent: "SluiceTest/1.0 (+mailto:tests@sluice.test)"
        scope: { domains: ["*"], max-depth: 10000 }
        politeness: { delay: %s, connections-per-host: %d, max-back-off: 0s, tail-patience: 15s }
        fetcher:
          connections: 256
          max-body: 64 KiB
          max-header: 16 KiB
          max-redirects: %d
          attempts: %d
          retry-delay: 1s
          timeouts: { dns: 1s, connect: 10s, first-byte: %s, idle: %s, total: %s }
          addresses: { allow: ["127.0.0.0/8"], ports: %s }
          dns: { servers: ["%s"] }
        parser: { max-inflated: 256 KiB }
        admin: { port: 0 }
        """
            .formatted(
                dir.resolve("crawl"),
                web.seed(),
                millis(delay),
                connectionsPerHost,
                HostileWeb.MAX_REDIRECTS,
                ATTEMPTS,
                millis(patience),
                millis(patience),
                millis(patience.multipliedBy(2)),
                web.ports(),
                web.nameServer());
    return Files.writeString(dir.resolve("crawl.yaml"), yaml);
  }

  private static String millis(Duration time) {
    return time.toMillis() + "ms";
  }
}
