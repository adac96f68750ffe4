package io.sluice.frontier.shard;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.sluice.frontier.TestConfig;
import io.sluice.frontier.credit.Credit;
import io.sluice.frontier.hold.Uplink;
import io.sluice.frontier.seen.Fingerprints;
import java.time.Duration;
import java.time.InstantSource;
import java.util.function.LongSupplier;

/**
 * The objects that a single shard shares with the rest of its process, for tests in virtual time.
 * Stateless.
 */
final class TestContexts {

  private TestContexts() {}

  /** The credit of a configuration, for one shard; leases may be issued. */
  static Credit credit(TestConfig config) {
    Credit.Limits limits =
        new Credit.Limits(
            config.connections,
            config.outstandingPages,
            config.outstandingBytes,
            config.maxPages,
            Math.max(1, config.connections / 8));
    Credit credit = new Credit(limits, 1, _ -> {});
    credit.open();
    return credit;
  }

  /** An uplink without an outage. */
  static Uplink uplink(LongSupplier nanoTime) {
    return new Uplink(Duration.ofMinutes(2), nanoTime, () -> {});
  }

  /** A context without a governor. */
  static ShardContext of(
      TestConfig config,
      Credit credit,
      EndDetector end,
      Uplink uplink,
      LongSupplier nanoTime,
      InstantSource clock) {
    return new ShardContext(
        config.build(),
        new Fingerprints(7),
        credit,
        end,
        uplink,
        null,
        nanoTime,
        clock,
        new SimpleMeterRegistry().timer("sync"));
  }
}
