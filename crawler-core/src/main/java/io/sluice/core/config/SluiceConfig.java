package io.sluice.core.config;

import java.util.List;

/**
 * All settings of a crawl, validated. Immutable. config/crawler.yaml explains every key; the
 * records of this package name them as the file does, a hyphen for each inner capital.
 */
public record SluiceConfig(
    CrawlSettings crawl,
    ScopeSettings scope,
    PolitenessSettings politeness,
    List<HostRule> hosts,
    RecrawlSettings recrawl,
    FetcherSettings fetcher,
    FrontierSettings frontier,
    ParserSettings parser,
    RedisSettings redis,
    OutputSettings output,
    ShutdownSettings shutdown,
    AdminSettings admin) {

  public SluiceConfig {
    hosts = List.copyOf(hosts);
  }
}
