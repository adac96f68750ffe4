package io.sluice.frontier.shard;

import io.micrometer.core.instrument.Timer;
import io.sluice.core.config.SluiceConfig;
import io.sluice.core.url.Domains;
import io.sluice.frontier.governor.Governor;
import io.sluice.frontier.seen.Fingerprints;
import java.time.InstantSource;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What a shard shares with the others, all of it thread-safe.
 *
 * @param governor of addresses; null where these are not limited
 * @param nanoTime monotonic time
 * @param clock the time of day, for the crawl log
 * @param syncTimer how long syncs take
 */
public record Surroundings(
    SluiceConfig config,
    Fingerprints fingerprints,
    Credit credit,
    CrawlEnd end,
    @Nullable Governor governor,
    LongSupplier nanoTime,
    InstantSource clock,
    Timer syncTimer) {

  /** 64 bits of the name of a host's registered domain. */
  long domainOf(String host) {
    return fingerprints.of(Domains.registeredDomain(host));
  }
}
