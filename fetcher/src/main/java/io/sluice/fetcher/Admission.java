package io.sluice.fetcher;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.sluice.core.lease.Lease;
import io.sluice.fetcher.handover.RecordSink;
import io.sluice.fetcher.loop.DeadlineSweep;
import io.sluice.fetcher.loop.Lane;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps leases waiting, before their visits begin, while parsers owe too many record-only entries:
 * entries are never dropped, so no further visit may begin. The frontier bounds the number of
 * leases; a lease that has waited for too long is given back without a request.
 *
 * <p>Confined to its lane.
 */
final class Admission {
  private static final Logger log = LoggerFactory.getLogger(Admission.class);

  /** Maximum wait of a lease in production; tests use shorter ones. */
  static final Duration PATIENCE = Duration.ofSeconds(30);

  private final Lane lane;
  private final RecordSink records;
  private final Duration patience;
  private final Consumer<Lease> begin;
  private final Consumer<Lease> giveBack;
  private final Counter waits;
  private final Set<Waiter> waiting = new LinkedHashSet<>();
  private boolean asked;

  /** The counter of leases that had to wait, shared by all lanes. */
  static Counter waits(MeterRegistry meters) {
    return Counter.builder("sluice.visits.held.back")
        .description("Leases that waited because parsers owed too many records")
        .register(meters);
  }

  /**
   * @param patience maximum wait of a lease, in running time
   * @param begin begins a lease's visit, for which room has been reserved
   * @param giveBack receives a lease whose visit does not begin
   * @param waits counts the leases that had to wait
   */
  Admission(
      Lane lane,
      RecordSink records,
      Duration patience,
      Consumer<Lease> begin,
      Consumer<Lease> giveBack,
      Counter waits) {
    this.lane = lane;
    this.records = records;
    this.patience = patience;
    this.begin = begin;
    this.giveBack = giveBack;
    this.waits = waits;
  }

  /**
   * Returns whether a visit may begin now. If so, room for it is reserved; otherwise the caller
   * passes its lease to {@link #await}.
   */
  boolean admits() {
    return waiting.isEmpty() && records.beginVisit();
  }

  /** Queues a lease until there is room for its visit; first come, first served. */
  void await(Lease lease) {
    waits.increment();
    Waiter waiter = new Waiter(lease);
    waiting.add(waiter);
    lane.sweep().watch(waiter);
    askForRoom();
  }

  private void askForRoom() {
    if (asked || waiting.isEmpty()) {
      return;
    }
    asked = true;
    var _ =
        records
            .room()
            .thenRun(
                () -> {
                  try {
                    lane.loop().execute(this::goOn);
                  } catch (RejectedExecutionException e) {
                    log.debug("the lane has ended, so its waiting leases are dropped", e);
                  }
                });
  }

  private void goOn() {
    asked = false;
    while (!waiting.isEmpty() && records.beginVisit()) {
      begin.accept(take(waiting.iterator().next()));
    }
    askForRoom();
  }

  /** Gives all waiting leases back, because the fetcher is stopping. */
  void cancelWaiting() {
    while (!waiting.isEmpty()) {
      giveBack.accept(take(waiting.iterator().next()));
    }
  }

  private Lease take(Waiter waiter) {
    waiting.remove(waiter);
    lane.sweep().letGo(waiter);
    return waiter.lease;
  }

  private final class Waiter implements DeadlineSweep.Timed {
    private final Lease lease;
    private final long deadlineNanos = lane.nanoTime() + patience.toNanos();

    Waiter(Lease lease) {
      this.lease = lease;
    }

    @Override
    public long deadlineNanos() {
      return deadlineNanos;
    }

    @Override
    public void expire() {
      giveBack.accept(take(this));
    }
  }
}
