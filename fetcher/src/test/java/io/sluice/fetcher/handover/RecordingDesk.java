package io.sluice.fetcher.handover;

import io.sluice.core.lease.LeaseDesk;
import io.sluice.core.lease.LeaseId;
import io.sluice.core.lease.LeaseRecovery;
import io.sluice.core.lease.Ruling;
import io.sluice.core.lease.Settlement;
import io.sluice.core.lease.Visit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** A desk that records how leases end, and journals when the test allows it. Thread-safe. */
final class RecordingDesk implements LeaseDesk, LeaseRecovery {

  final Map<LeaseId, List<Settlement>> settlements = new ConcurrentHashMap<>();
  final List<LeaseId> givenBack = new CopyOnWriteArrayList<>();
  final List<LeaseId> struck = new CopyOnWriteArrayList<>();
  volatile Set<LeaseId> outAtStart = Set.of();

  /** Leases whose next settlement fails because of a defect. */
  final Set<LeaseId> defective = ConcurrentHashMap.newKeySet();

  volatile CompletableFuture<Void> journaling = CompletableFuture.completedFuture(null);
  volatile CompletableFuture<Void> givingBack = CompletableFuture.completedFuture(null);

  @Override
  public CompletionStage<Ruling> visited(LeaseId lease, Visit visit) {
    return CompletableFuture.completedFuture(Ruling.CHARGED);
  }

  @Override
  public void outstanding(LeaseId lease, long bytes) {}

  @Override
  public CompletionStage<Void> settle(LeaseId lease, Settlement settlement) {
    if (defective.remove(lease)) {
      throw new IllegalStateException("a defect");
    }
    settlements.compute(
        lease,
        (id, former) -> {
          List<Settlement> all = former == null ? new ArrayList<>() : new ArrayList<>(former);
          all.add(settlement);
          return all;
        });
    return journaling;
  }

  @Override
  public Set<LeaseId> outAtStart() {
    return outAtStart;
  }

  @Override
  public CompletionStage<Void> giveBack(Collection<LeaseId> lost) {
    givenBack.addAll(lost);
    return givingBack;
  }

  @Override
  public CompletionStage<Void> strike(Collection<LeaseId> inHand) {
    struck.addAll(inHand);
    return givingBack;
  }
}
