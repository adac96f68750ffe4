package io.sluice.frontier.shard;

import io.micrometer.core.instrument.Timer;
import io.sluice.core.config.SluiceConfig;
import io.sluice.core.url.Domains;
import io.sluice.frontier.credit.Credit;
import io.sluice.frontier.governor.Governor;
import io.sluice.frontier.hold.Uplink;
import io.sluice.frontier.seen.Fingerprints;
import java.time.InstantSource;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The objects that all shards share; all are thread-safe.
 *
 * @param uplink the crawl's connection to the network
 * @param governor limits the requests to each address; null if addresses are not limited
 * @param nanoTime monotonic time
 * @param clock the time of day, for the crawl log
 * @param syncTimer measures syncs
 */
public record ShardContext(
    SluiceConfig config,
    Fingerprints fingerprints,
    Credit credit,
    EndDetector end,
    Uplink uplink,
    @Nullable Governor governor,
    LongSupplier nanoTime,
    InstantSource clock,
    Timer syncTimer) {

  /** 64 bits of the name of a host's registered domain. */
  long domainOf(String host) {
    return fingerprints.of(Domains.registeredDomain(host));
  }
}
