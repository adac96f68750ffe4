package io.sluice.frontier.politeness;

import io.sluice.core.config.PolitenessSettings.Pace;
import it.unimi.dsi.fastutil.longs.Long2ObjectOpenHashMap;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * The clocks of the registered domains of a shard, by 64 bits of their names. Two domains with
 * equal bits would share a clock and be visited less often than they could be, which is unlikely
 * below billions of domains. Confined to its shard's thread.
 */
final class DomainClocks {

  private final long delayNanos;
  private final int connections;
  private final ToLongFunction<String> domainOf;
  private final Long2ObjectOpenHashMap<DomainClock> clocks = new Long2ObjectOpenHashMap<>();
  private @Nullable Long openNanos;

  DomainClocks(Pace pace, ToLongFunction<String> domainOf) {
    this.delayNanos = pace.delay().toNanos();
    this.connections = pace.connections() == 0 ? Integer.MAX_VALUE : pace.connections();
    this.domainOf = domainOf;
  }

  /** Sets the time before which no domain is visited. Call it before the first {@link #of}. */
  void open(long atNanos) {
    openNanos = atNanos;
  }

  /** The clock of a host's domain. */
  DomainClock of(String host, long nowNanos) {
    return clocks.computeIfAbsent(
        domainOf.applyAsLong(host), _ -> new DomainClock(firstNanos(nowNanos)));
  }

  private long firstNanos(long nowNanos) {
    return openNanos == null ? nowNanos : HostSchedule.later(nowNanos, openNanos);
  }

  /** Maximum number of concurrent visits to a domain. */
  int connections() {
    return connections;
  }

  /** The pause after a visit. */
  long delayNanos() {
    return delayNanos;
  }
}
