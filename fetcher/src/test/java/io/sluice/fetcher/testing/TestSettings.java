package io.sluice.fetcher.testing;

import io.sluice.core.config.FetcherSettings;
import io.sluice.core.config.HostRule;
import io.sluice.core.config.OutputSettings;
import io.sluice.core.config.PolitenessSettings;
import io.sluice.core.config.SluiceConfig;
import io.sluice.core.testing.Changed;
import io.sluice.core.testing.TestYaml;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * Settings for tests: loopback addresses and every port are allowed, hosts have no delay, timeouts
 * are short. Mutable.
 */
public final class TestSettings {

  /** The sections that these tests leave unchanged. */
  private static final SluiceConfig REST = TestYaml.defaults();

  public String userAgent = "Sluice-Test/1.0 (+http://localhost/)";
  public Duration delay = Duration.ZERO;
  public Duration maxCrawlDelay = Duration.ofSeconds(30);
  public int connectionsPerHost = 1;
  public PolitenessSettings.Pace domain = PolitenessSettings.Pace.FREE;
  public PolitenessSettings.Pace address = PolitenessSettings.Pace.FREE;
  public int delayFactor;
  public Duration maxBackOff = Duration.ZERO;
  public List<HostRule> hosts = List.of();
  public boolean obeyRobots = false;
  public int connections = 64;
  public long maxBodyBytes = 1_000_000;
  public int maxHeaderBytes = 16 * 1024;
  public int maxRedirects = 3;
  public int attempts = 3;
  public Duration retryDelay = Duration.ofSeconds(1);
  public Duration keepAlive = Duration.ofSeconds(15);
  public boolean verifyTls = true;
  public Duration dnsTimeout = Duration.ofSeconds(2);
  public Duration connectTimeout = Duration.ofSeconds(2);
  public Duration tlsTimeout = Duration.ofSeconds(2);
  public Duration firstByteTimeout = Duration.ofSeconds(2);
  public long bodyBytes;
  public Duration idleTimeout = Duration.ofSeconds(2);
  public Duration totalTimeout = Duration.ofSeconds(5);
  public List<String> allow = List.of("127.0.0.0/8");
  public List<Integer> ports = List.of();
  public int lookUps = 256;
  public List<InetSocketAddress> nameServers = List.of();
  public OutputSettings output = REST.output();

  /** The settings as a whole. */
  public SluiceConfig config() {
    return Changed.copyOf(REST)
        .with(
            "crawl",
            Changed.copyOf(REST.crawl())
                .with("name", "test")
                .with("dir", Path.of("unused"))
                .with("seeds", List.of())
                .with("userAgent", userAgent)
                .record())
        .with("scope", Changed.copyOf(REST.scope()).with("domains", List.of("*")).record())
        .with(
            "politeness",
            Changed.copyOf(REST.politeness())
                .with("delay", delay)
                .with("maxCrawlDelay", maxCrawlDelay)
                .with("connectionsPerHost", connectionsPerHost)
                .with("obeyRobots", obeyRobots)
                .with("domain", domain)
                .with("address", address)
                .with("delayFactor", delayFactor)
                .with("maxBackOff", maxBackOff)
                .record())
        .with("hosts", hosts)
        .with(
            "fetcher",
            Changed.copyOf(REST.fetcher())
                .with("connections", connections)
                .with("troubledConnections", Math.max(1, connections / 8))
                .with("maxBodyBytes", maxBodyBytes)
                .with("bodyBytes", bodyBytes)
                .with("maxHeaderBytes", maxHeaderBytes)
                .with("maxRedirects", maxRedirects)
                .with("attempts", attempts)
                .with("retryDelay", retryDelay)
                .with("keepAlive", keepAlive)
                .with("verifyTls", verifyTls)
                .with("heapBytes", 64L << 20)
                .with(
                    "timeouts",
                    new FetcherSettings.Timeouts(
                        dnsTimeout,
                        connectTimeout,
                        tlsTimeout,
                        firstByteTimeout,
                        Duration.ofSeconds(10),
                        idleTimeout,
                        totalTimeout))
                .with("addresses", new FetcherSettings.Addresses(allow, ports))
                .with(
                    "dns",
                    new FetcherSettings.Dns(
                        nameServers, Duration.ofMinutes(5), Duration.ofMinutes(10), lookUps, false))
                .record())
        .with(
            "frontier",
            Changed.copyOf(REST.frontier())
                .with("shards", 1)
                .with("outstandingPages", 100)
                .with("outstandingBytes", 1L << 20)
                .record())
        .with("output", output)
        .record();
  }
}
