package io.sluice.frontier;

import io.sluice.core.config.FetcherSettings;
import io.sluice.core.config.HostRule;
import io.sluice.core.config.PolitenessSettings;
import io.sluice.core.config.RecrawlSettings;
import io.sluice.core.config.ScopeSettings;
import io.sluice.core.config.Seed;
import io.sluice.core.config.SluiceConfig;
import io.sluice.core.lease.Labels;
import io.sluice.core.testing.Changed;
import io.sluice.core.testing.TestYaml;
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

  /** The sections that these tests leave at their defaults. */
  private static final SluiceConfig REST = TestYaml.defaults();

  public int shards = 1;
  public Duration delay = Duration.ZERO;
  public int connectionsPerHost = 1;
  public PolitenessSettings.Pace domain = PolitenessSettings.Pace.FREE;
  public PolitenessSettings.Pace address = PolitenessSettings.Pace.FREE;
  public int delayFactor;
  public Duration maxBackOff = Duration.ZERO;
  public PolitenessSettings.Patience patience =
      new PolitenessSettings.Patience(
          Duration.ofMinutes(15), Duration.ofMinutes(2), Duration.ofMinutes(2));
  public Duration retryDelay = Duration.ofSeconds(1);
  public boolean followSeedRedirects = true;
  public List<Integer> ports = List.of();
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
  public Duration firstVisit = Duration.ofSeconds(10);
  public List<Pattern> include = List.of();
  public List<Pattern> exclude = List.of();
  public ScopeSettings.Traps traps = new ScopeSettings.Traps(20, 2, 20);
  public ScopeSettings.PrefixBudget prefixBudget = new ScopeSettings.PrefixBudget(0, 1);
  public List<ParameterPattern> stripParameters = List.of();
  public List<Url> seeds = List.of();

  /** The settings. */
  public SluiceConfig build() {
    Duration second = Duration.ofSeconds(1);
    return Changed.copyOf(REST)
        .with(
            "crawl",
            Changed.copyOf(REST.crawl())
                .with("name", "test")
                .with("dir", Path.of("."))
                .with("seeds", seeds.stream().map(url -> new Seed(url, Labels.NONE)).toList())
                .with("followLinks", followLinks)
                .with("userAgent", "Sluice/test")
                .with("maxPages", maxPages)
                .with("maxTime", maxTime)
                .record())
        .with(
            "scope",
            Changed.copyOf(REST.scope())
                .with("domains", domains)
                .with("followSeedRedirects", followSeedRedirects)
                .with("include", include)
                .with("exclude", exclude)
                .with("maxDepth", maxDepth)
                .with("maxPagesPerHost", maxPagesPerHost)
                .with("maxUrlLength", maxUrlLength)
                .with("traps", traps)
                .with("prefixBudget", prefixBudget)
                .with("stripParameters", stripParameters)
                .record())
        .with(
            "politeness",
            Changed.copyOf(REST.politeness())
                .with("delay", delay)
                .with("connectionsPerHost", connectionsPerHost)
                .with("domain", domain)
                .with("address", address)
                .with("delayFactor", delayFactor)
                .with("maxBackOff", maxBackOff)
                .with("patience", patience)
                .record())
        .with("hosts", hosts)
        .with("recrawl", recrawl)
        .with(
            "fetcher",
            Changed.copyOf(REST.fetcher())
                .with("connections", connections)
                .with("troubledConnections", Math.max(1, connections / 8))
                .with("retryDelay", retryDelay)
                .with(
                    "timeouts",
                    new FetcherSettings.Timeouts(
                        second, second, second, second, firstVisit, second, second))
                .with("addresses", new FetcherSettings.Addresses(List.of(), ports))
                .record())
        .with(
            "frontier",
            Changed.copyOf(REST.frontier())
                .with("shards", shards)
                .with("syncInterval", syncInterval)
                .with("checkpointInterval", checkpointInterval)
                .with("outstandingPages", outstandingPages)
                .with("outstandingBytes", outstandingBytes)
                .with("leaseTimeout", leaseTimeout)
                .with("queueBytes", queueBytes)
                .record())
        .record();
  }

  /** Parses a text that must be a URL. */
  public static Url url(String href) {
    return Objects.requireNonNull(Url.parse(href), href);
  }
}
