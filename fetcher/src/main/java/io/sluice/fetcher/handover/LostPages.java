package io.sluice.fetcher.handover;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.sluice.core.config.Echo;
import io.sluice.core.lease.LeaseDesk;
import io.sluice.core.lease.LeaseId;
import io.sluice.core.lease.Settlement;
import io.sluice.core.stream.PartitionStreams;
import io.sluice.core.stream.Session;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The leases whose pages Redis has lost. They stay outstanding for a while before they are given
 * back, so that repeated losses don't make the crawler request pages in a tight loop. Leases that
 * are still waiting at a stop are found by the next start.
 *
 * <p>Confined to the outcome thread; settlements complete on threads of the desk.
 */
final class LostPages {

  /** How long a lost page's lease stays outstanding before its URL may be requested again. */
  static final Duration PAUSE = Duration.ofSeconds(5);

  private static final Logger log = LoggerFactory.getLogger(LostPages.class);

  private record Loss(long dueNanos, List<LeaseId> leases) {}

  private final LeaseReconciler reconciler;
  private final Outstanding outstanding;
  private final LeaseDesk desk;
  private final Counter lost;
  private final LongSupplier nanoTime;
  private final Deque<Loss> waiting = new ArrayDeque<>();

  LostPages(
      LeaseReconciler reconciler,
      Outstanding outstanding,
      LeaseDesk desk,
      MeterRegistry registry,
      LongSupplier nanoTime) {
    this.reconciler = reconciler;
    this.outstanding = outstanding;
    this.desk = desk;
    this.lost =
        Counter.builder("sluice.pages.lost")
            .description("Pages that Redis lost; their URLs are fetched again")
            .register(registry);
    this.nanoTime = nanoTime;
  }

  /**
   * Looks for the pages that Redis had in an earlier session. Call this once Redis has answered for
   * every page that was sent.
   *
   * @return the contents of the stream of pages
   */
  PartitionStreams.InPages find(Session session) {
    Set<LeaseId> asked = outstanding.answered().keySet();
    LeaseReconciler.Found found = reconciler.find(asked);
    Set<LeaseId> gone = found.gone();
    if (gone.isEmpty()) {
      log.info("Redis has kept all {} pages", asked.size());
      return found.pages();
    }
    gone.forEach(outstanding::remove);
    waiting.add(new Loss(nanoTime.getAsLong() + PAUSE.toNanos(), List.copyOf(gone)));
    lost.increment(gone.size());
    log.warn(
        "Redis (epoch {}) lost {} of {} pages; they will be fetched again, and the output may"
            + " contain some of them twice",
        Echo.of(session.epoch()),
        gone.size(),
        asked.size());
    return found.pages();
  }

  /** Gives back the leases whose pause is over. */
  void giveBackDue() {
    while (!waiting.isEmpty() && nanoTime.getAsLong() - waiting.getFirst().dueNanos >= 0) {
      waiting.removeFirst().leases.forEach(this::giveBack);
    }
  }

  private void giveBack(LeaseId lease) {
    var _ =
        desk.settle(lease, new Settlement.GiveBack())
            .whenComplete(
                (nothing, failure) -> {
                  if (failure != null) {
                    log.warn("lease {} of a lost page could not be given back", lease, failure);
                  }
                });
  }
}
