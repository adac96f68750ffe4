package io.sluice.frontier.shard;

import io.sluice.frontier.state.OpenLease;
import it.unimi.dsi.fastutil.longs.Long2ObjectOpenHashMap;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The shard's leases that are out, each with what only this process knows of it. Confined to its
 * shard's thread.
 */
final class LiveLeases {

  private final Long2ObjectOpenHashMap<LiveLease> leases = new Long2ObjectOpenHashMap<>();

  /** Adds a lease that was recovered or has just been issued. */
  LiveLease add(OpenLease lease) {
    LiveLease live = new LiveLease(lease);
    leases.put(lease.sequence(), live);
    return live;
  }

  /** Forgets a lease that has ended. */
  void remove(LiveLease lease) {
    leases.remove(lease.sequence());
  }

  @Nullable LiveLease get(long sequence) {
    return leases.get(sequence);
  }

  /**
   * The leases that have been outstanding for at least {@code timeoutNanos}, in the order of their
   * issue.
   */
  List<LiveLease> overdue(long timeoutNanos, long nowNanos) {
    return leases.values().stream()
        .filter(lease -> lease.stage() == LeaseStage.OUTSTANDING)
        .filter(lease -> nowNanos - lease.sinceNanos() >= timeoutNanos)
        .sorted(Comparator.comparingLong(LiveLease::sequence))
        .toList();
  }

  /**
   * How long the least recently changed lease has been at its stage, in nanoseconds; 0 without
   * leases.
   */
  long longestInPlaceNanos(long nowNanos) {
    return leases.values().stream()
        .mapToLong(lease -> nowNanos - lease.sinceNanos())
        .max()
        .orElse(0);
  }
}
