package io.sluice.launcher.process;

import io.sluice.core.config.FetcherSettings;
import io.sluice.core.config.FrontierSettings;
import io.sluice.core.config.ParserSettings;
import io.sluice.core.config.RedisSettings;
import io.sluice.core.config.SluiceConfig;

/** Copies of a config in which the numbers that cost descriptors are others. Stateless. */
final class LoweredConfig {

  private LoweredConfig() {}

  static SluiceConfig fetcher(
      SluiceConfig config, int connections, int lookUps, int poolMax, int openFiles) {
    return with(
        config,
        fetcher(config.fetcher(), connections, lookUps),
        frontier(config.frontier(), openFiles),
        config.parser(),
        redis(config.redis(), poolMax));
  }

  static SluiceConfig parser(SluiceConfig config, int poolMax, int threads) {
    return with(
        config,
        config.fetcher(),
        config.frontier(),
        parser(config.parser(), threads),
        redis(config.redis(), poolMax));
  }

  private static SluiceConfig with(
      SluiceConfig config,
      FetcherSettings fetcher,
      FrontierSettings frontier,
      ParserSettings parser,
      RedisSettings redis) {
    return new SluiceConfig(
        config.crawl(),
        config.scope(),
        config.politeness(),
        config.hosts(),
        config.recrawl(),
        fetcher,
        frontier,
        parser,
        redis,
        config.output(),
        config.shutdown(),
        config.admin());
  }

  private static FetcherSettings fetcher(FetcherSettings all, int connections, int lookUps) {
    FetcherSettings.Dns dns = all.dns();
    return new FetcherSettings(
        connections,
        all.maxBodyBytes(),
        all.bodyBytes(),
        all.maxHeaderBytes(),
        all.maxRedirects(),
        all.attempts(),
        all.retryDelay(),
        all.keepAlive(),
        all.verifyTls(),
        all.heapBytes(),
        all.timeouts(),
        all.addresses(),
        new FetcherSettings.Dns(dns.servers(), dns.maxTtl(), dns.negativeTtl(), lookUps));
  }

  private static FrontierSettings frontier(FrontierSettings all, int openFiles) {
    return new FrontierSettings(
        all.shards(),
        all.syncInterval(),
        all.checkpointInterval(),
        all.outstandingPages(),
        all.outstandingBytes(),
        all.leaseTimeout(),
        all.queueBytes(),
        openFiles);
  }

  private static ParserSettings parser(ParserSettings all, int threads) {
    return new ParserSettings(
        all.processes(),
        threads,
        all.heapBytes(),
        all.batchPages(),
        all.batchBytes(),
        all.batchTime(),
        all.maxInflatedBytes(),
        all.maxLinks(),
        all.maxTextBytes(),
        all.pageTimeout(),
        all.follow());
  }

  private static RedisSettings redis(RedisSettings all, int poolMax) {
    return new RedisSettings(
        all.uri(),
        all.commandTimeout(),
        new RedisSettings.Pool(poolMax, all.pool().acquireTimeout()));
  }
}
