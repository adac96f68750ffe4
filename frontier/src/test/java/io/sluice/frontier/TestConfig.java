package io.sluice.frontier;

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
import io.sluice.core.config.Seed;
import io.sluice.core.config.ShutdownSettings;
import io.sluice.core.config.SluiceConfig;
import io.sluice.core.lease.Labels;
import io.sluice.core.url.ParameterPattern;
import io.sluice.core.url.Url;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Settings for tests: every host, no delay, one shard, unless changed. Confined to one test. */
public final class TestConfig {

  public int shards = 1;
  public Duration delay = Duration.ZERO;
  public int connectionsPerHost = 1;
  public PolitenessSettings.Pace domain = PolitenessSettings.Pace.FREE;
  public PolitenessSettings.Pace address = PolitenessSettings.Pace.FREE;
  public int delayFactor;
  public Duration maxBackOff = Duration.ZERO;
  public List<HostRule> hosts = List.of();
  public RecrawlSettings recrawl = RecrawlSettings.NEVER;
  public int connections = 64;
  public int outstandingPages = 256;
  public long outstandingBytes = 64 << 20;
  public Duration syncInterval = Duration.ofMillis(5);
  public Duration checkpointInterval = Duration.ofMinutes(1);
  public Duration leaseTimeout = Duration.ofMinutes(10);
  public long queueBytes = 64 << 20;
  public int seenLimit = 1 << 18;
  public long maxPages;
  public boolean followLinks = true;
  public @Nullable Duration maxTime;
  public long maxPagesPerHost;
  public int maxDepth = 100;
  public int maxUrlLength = 2048;
  public List<String> domains = List.of("*");
  public List<Pattern> include = List.of();
  public List<Pattern> exclude = List.of();
  public ScopeSettings.Traps traps = new ScopeSettings.Traps(20, 2, 20);
  public ScopeSettings.PrefixBudget prefixBudget = new ScopeSettings.PrefixBudget(0, 1);
  public List<ParameterPattern> stripParameters = List.of();
  public List<Url> seeds = List.of();

  /** The settings. */
  public SluiceConfig build() {
    Duration second = Duration.ofSeconds(1);
    return new SluiceConfig(
        new CrawlSettings(
            "test",
            Path.of("."),
            seeds.stream().map(url -> new Seed(url, Labels.NONE)).toList(),
            null,
            followLinks,
            "Sluice/test",
            maxPages,
            maxTime),
        new ScopeSettings(
            domains,
            include,
            exclude,
            maxDepth,
            maxPagesPerHost,
            maxUrlLength,
            traps,
            prefixBudget,
            stripParameters),
        new PolitenessSettings(
            delay,
            Duration.ofSeconds(30),
            connectionsPerHost,
            true,
            domain,
            address,
            delayFactor,
            maxBackOff),
        hosts,
        recrawl,
        new FetcherSettings(
            connections,
            10 << 20,
            0,
            64 << 10,
            5,
            3,
            second,
            second,
            true,
            1 << 30,
            new FetcherSettings.Timeouts(second, second, second, second, second, second),
            new FetcherSettings.Addresses(List.of(), List.of()),
            new FetcherSettings.Dns(List.of(), second, second, 256)),
        new FrontierSettings(
            shards,
            syncInterval,
            checkpointInterval,
            outstandingPages,
            outstandingBytes,
            leaseTimeout,
            queueBytes,
            64),
        new ParserSettings(
            1, 1, 1 << 30, 64, 1 << 20, second, 1 << 20, 1000, 1 << 20, second, List.of("a")),
        new RedisSettings(RedisSettings.EMBEDDED, second, new RedisSettings.Pool(20, second)),
        new OutputSettings(true, true, 1 << 30, 6),
        new ShutdownSettings(Duration.ofSeconds(20)),
        new AdminSettings("127.0.0.1", 0));
  }

  /** A URL that must be one. */
  public static Url url(String href) {
    return Objects.requireNonNull(Url.parse(href), href);
  }
}
