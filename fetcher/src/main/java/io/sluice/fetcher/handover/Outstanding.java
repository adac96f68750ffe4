package io.sluice.fetcher.handover;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.sluice.core.lease.LeaseId;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * The leases whose pages are in Redis or on the way there, each with the page's place in the
 * stream. As large as the frontier's credit allows.
 *
 * <p>Thread-safe: a concurrent map.
 */
final class Outstanding implements AutoCloseable {

  /** A page's place: its entry's id, null until Redis has answered, and what it occupies. */
  private record Place(@Nullable String entryId, long bytes) {}

  private final Map<LeaseId, Place> places = new ConcurrentHashMap<>();
  private final LongAdder bytes = new LongAdder();

  private final MeterRegistry registry;
  private final List<Meter> gauges;

  Outstanding(MeterRegistry registry) {
    this.registry = registry;
    this.gauges =
        List.of(
            Gauge.builder("sluice.outstanding.pages", places, Map::size)
                .description("Pages handed over whose outcomes are owed")
                .register(registry),
            Gauge.builder("sluice.outstanding.bytes", bytes, LongAdder::sum)
                .description("Bytes that these pages occupy in Redis")
                .register(registry));
  }

  /** Takes the gauges away. */
  @Override
  public void close() {
    gauges.forEach(registry::remove);
  }

  /** A page is about to be sent. */
  void sending(LeaseId lease, long size) {
    put(lease, new Place(null, size));
  }

  /** The page is there, or nearly certainly was; nothing changes if its outcome came first. */
  void there(LeaseId lease, String entryId) {
    places.computeIfPresent(lease, (id, place) -> new Place(entryId, place.bytes));
  }

  /** A page of a former process; its size is not known. */
  void found(LeaseId lease, String entryId) {
    put(lease, new Place(entryId, 0));
  }

  /** The lease has ended, or its page is not there. */
  void remove(LeaseId lease) {
    Place place = places.remove(lease);
    if (place != null) {
      bytes.add(-place.bytes);
    }
  }

  private void put(LeaseId lease, Place place) {
    Place former = places.put(lease, place);
    bytes.add(place.bytes - (former == null ? 0 : former.bytes));
  }

  /** The pages that Redis has answered for. */
  Map<LeaseId, String> answered() {
    Map<LeaseId, String> answered = new HashMap<>();
    places.forEach(
        (lease, place) -> {
          if (place.entryId != null) {
            answered.put(lease, place.entryId);
          }
        });
    return answered;
  }

  /** Those of the leases whose pages Redis has answered for. */
  Map<LeaseId, String> answered(Collection<LeaseId> leases) {
    Map<LeaseId, String> answered = new HashMap<>();
    for (LeaseId lease : leases) {
      Place place = places.get(lease);
      if (place != null && place.entryId != null) {
        answered.put(lease, place.entryId);
      }
    }
    return answered;
  }
}
