package io.sluice.fetcher.handover;

import io.sluice.core.fault.KillPoint;
import io.sluice.core.lease.LeaseId;
import io.sluice.core.redis.RedisLostException;
import io.sluice.core.stream.PartitionStreams;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Locates the pages of leases: at start-up, for leases that the previous process left; after a
 * restart of Redis, for all outstanding leases; and for overdue leases. At first, a lease's page is
 * in the stream of pages; later, its outcome is in the stream of outcomes. A lease in neither
 * stream is <em>gone</em> and may be issued again.
 *
 * <p>The pages are always searched first, so that a page committed between the searches is found
 * among the outcomes. The outcomes are searched only for leases not found among the pages.
 *
 * <p>Thread-safe. Each call blocks for a few round trips and throws {@link RedisLostException} if
 * Redis does not answer; it may be repeated.
 */
final class LeaseReconciler {

  private final PartitionStreams streams;
  private final Outstanding outstanding;

  LeaseReconciler(PartitionStreams streams, Outstanding outstanding) {
    this.streams = streams;
    this.outstanding = outstanding;
  }

  /**
   * The result of a search.
   *
   * @param pages everything in the stream of pages, including pages of leases that were not
   *     searched for
   * @param gone the leases that are in neither stream
   */
  record Found(PartitionStreams.InPages pages, Set<LeaseId> gone) {}

  /** Searches both streams for the given leases. */
  Found find(Set<LeaseId> leases) {
    PartitionStreams.InPages pages = streams.inPages();
    Set<LeaseId> missing = new HashSet<>(leases);
    missing.removeAll(pages.leases().keySet());
    KillPoint.RECOVERING.reached();
    return new Found(pages, withoutOutcome(missing));
  }

  /**
   * Takes back the pages of outstanding leases, so that they can no longer be committed.
   *
   * @return the leases that may be issued again, because their page was still there or is gone;
   *     they are no longer outstanding
   */
  Set<LeaseId> revoke(Collection<LeaseId> leases) {
    Map<LeaseId, String> entryIds = outstanding.answered(leases);
    if (entryIds.isEmpty()) {
      return Set.of();
    }
    List<LeaseId> asked = List.copyOf(entryIds.keySet());
    List<Boolean> wasThere = streams.revoke(asked.stream().map(entryIds::get).toList());
    Set<LeaseId> toGiveBack = new HashSet<>();
    Set<LeaseId> missing = new HashSet<>();
    for (int i = 0; i < asked.size(); i++) {
      (wasThere.get(i) ? toGiveBack : missing).add(asked.get(i));
    }
    toGiveBack.addAll(withoutOutcome(missing));
    toGiveBack.forEach(outstanding::remove);
    return toGiveBack;
  }

  private Set<LeaseId> withoutOutcome(Set<LeaseId> missing) {
    if (!missing.isEmpty()) {
      missing.removeAll(streams.leasesInOutcomes().keySet());
    }
    return missing;
  }
}
