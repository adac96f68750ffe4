package io.sluice.core.config;

import java.util.List;

/**
 * All settings of a crawl, validated. Immutable. config/crawler.yaml explains every key; the
 * records of this package use its names, with an inner capital for each hyphen.
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
    List<ExtractRule> extract,
    RedisSettings redis,
    OutputSettings output,
    ShutdownSettings shutdown,
    AdminSettings admin) {

  public SluiceConfig {
    hosts = List.copyOf(hosts);
    extract = List.copyOf(extract);
  }

  /** These settings with another section {@code crawl}. */
  public SluiceConfig with(CrawlSettings other) {
    return new SluiceConfig(
        other,
        scope,
        politeness,
        hosts,
        recrawl,
        fetcher,
        frontier,
        parser,
        extract,
        redis,
        output,
        shutdown,
        admin);
  }

  /** These settings with another section {@code fetcher}. */
  public SluiceConfig with(FetcherSettings other) {
    return with(other, frontier, parser, redis);
  }

  /** These settings with another section {@code frontier}. */
  public SluiceConfig with(FrontierSettings other) {
    return with(fetcher, other, parser, redis);
  }

  /** These settings with another section {@code parser}. */
  public SluiceConfig with(ParserSettings other) {
    return with(fetcher, frontier, other, redis);
  }

  /** These settings with another section {@code redis}. */
  public SluiceConfig with(RedisSettings other) {
    return with(fetcher, frontier, parser, other);
  }

  private SluiceConfig with(
      FetcherSettings ofFetcher,
      FrontierSettings ofFrontier,
      ParserSettings ofParser,
      RedisSettings ofRedis) {
    return new SluiceConfig(
        crawl,
        scope,
        politeness,
        hosts,
        recrawl,
        ofFetcher,
        ofFrontier,
        ofParser,
        extract,
        ofRedis,
        output,
        shutdown,
        admin);
  }
}
