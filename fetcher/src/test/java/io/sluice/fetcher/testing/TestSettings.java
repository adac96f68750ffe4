package io.sluice.fetcher.testing;

import io.sluice.core.config.AdminSettings;
import io.sluice.core.config.CrawlSettings;
import io.sluice.core.config.FetcherSettings;
import io.sluice.core.config.FrontierSettings;
import io.sluice.core.config.HostRule;
import io.sluice.core.config.OutputSettings;
import io.sluice.core.config.ParserSettings;
import io.sluice.core.config.PolitenessSettings;
import io.sluice.core.config.RecrawlSettings;
import io.sluice.core.config.RedisSettings;
import io.sluice.core.config.ScopeSettings;
import io.sluice.core.config.ShutdownSettings;
import io.sluice.core.config.SluiceConfig;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** Settings for tests: loopback is allowed, every port, no delay, short time-outs. Mutable. */
public final class TestSettings {
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
  public List<InetSocketAddress> nameServers = List.of();

  /** The settings as a whole. */
  public SluiceConfig config() {
    return new SluiceConfig(
        new CrawlSettings("test", Path.of("unused"), List.of(), null, true, userAgent, 0, null),
        new ScopeSettings(
            List.of("*"),
            List.of(),
            List.of(),
            100,
            0,
            2048,
            new ScopeSettings.Traps(20, 2, 20),
            new ScopeSettings.PrefixBudget(0, 1),
            List.of()),
        new PolitenessSettings(
            delay,
            maxCrawlDelay,
            connectionsPerHost,
            obeyRobots,
            domain,
            address,
            delayFactor,
            maxBackOff),
        hosts,
        RecrawlSettings.NEVER,
        new FetcherSettings(
            connections,
            maxBodyBytes,
            bodyBytes,
            maxHeaderBytes,
            maxRedirects,
            attempts,
            retryDelay,
            keepAlive,
            verifyTls,
            64 << 20,
            new FetcherSettings.Timeouts(
                dnsTimeout,
                connectTimeout,
                tlsTimeout,
                firstByteTimeout,
                idleTimeout,
                totalTimeout),
            new FetcherSettings.Addresses(allow, ports),
            new FetcherSettings.Dns(
                nameServers, Duration.ofMinutes(5), Duration.ofSeconds(60), 256)),
        new FrontierSettings(
            1,
            Duration.ofMillis(100),
            Duration.ofMinutes(1),
            100,
            1 << 20,
            Duration.ofMinutes(1),
            1 << 20,
            64),
        new ParserSettings(
            1,
            1,
            64 << 20,
            32,
            1 << 20,
            Duration.ofMillis(100),
            1 << 20,
            100,
            1 << 20,
            Duration.ofSeconds(5),
            List.of("a")),
        new RedisSettings(
            "embedded", Duration.ofSeconds(5), new RedisSettings.Pool(4, Duration.ofSeconds(5))),
        new OutputSettings(true, true, 1 << 30, 4),
        new ShutdownSettings(Duration.ofSeconds(5)),
        new AdminSettings("127.0.0.1", 0));
  }
}
