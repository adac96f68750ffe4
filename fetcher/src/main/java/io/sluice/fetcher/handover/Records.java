package io.sluice.fetcher.handover;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.sluice.core.message.RecordId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * The record-only entries that are in Redis or on the way there. They have no outcomes: an entry
 * counts as committed once it is gone from the stream, which is checked periodically
 * (docs/decisions/0018). Visits in progress are counted as well, each as an entry of a usual size,
 * so that one visit may begin for each free place.
 *
 * <p>Thread-safe: one monitor, held only for counting; waiters are notified outside of it.
 */
final class Records implements AutoCloseable {

  /** An entry's id in the stream, null until Redis has answered, and the bytes that it occupies. */
  private record Place(@Nullable String entryId, long bytes) {}

  private final RecordBounds bounds;
  private final MeterRegistry registry;
  private final List<Meter> gauges;
  private final Map<RecordId, Place> places = new HashMap<>();
  private long bytes;

  /** Number of visits in progress. */
  private int visits;

  /** Completes when there is room; null while there is room or no caller is waiting. */
  private @Nullable CompletableFuture<Void> room;

  /** Whether the end of the crawl is waiting for all entries to be committed. */
  private boolean ending;

  private final CompletableFuture<Void> noneOwed = new CompletableFuture<>();

  Records(RecordBounds bounds, MeterRegistry registry) {
    this.bounds = bounds;
    this.registry = registry;
    this.gauges =
        List.of(
            Gauge.builder("sluice.outstanding.records", this, Records::count)
                .description("Record-only entries that parsers owe")
                .register(registry),
            Gauge.builder("sluice.outstanding.records.max", bounds, RecordBounds::count)
                .description(
                    "Sum of owed record-only entries and visits in progress at which no further"
                        + " visit begins")
                .register(registry),
            Gauge.builder("sluice.outstanding.records.bytes", this, Records::bytes)
                .description("Bytes that these entries occupy in Redis")
                .register(registry));
  }

  /** Unregisters the gauges, and releases all waiters. */
  @Override
  public void close() {
    gauges.forEach(registry::remove);
    noneOwed.complete(null);
    CompletableFuture<Void> waited;
    synchronized (this) {
      waited = room;
      room = null;
    }
    if (waited != null) {
      waited.complete(null);
    }
  }

  /** Records that an entry is about to be sent. */
  synchronized void sending(RecordId id, long size) {
    places.put(id, new Place(null, size));
    bytes += size;
  }

  /** Records that Redis has the entry. */
  synchronized void there(RecordId id, String entryId) {
    places.computeIfPresent(id, (same, place) -> new Place(entryId, place.bytes));
  }

  /** Records that Redis does not have the entry. */
  void notThere(RecordId id) {
    remove(List.of(id));
  }

  /** Adds entries of an earlier process that were found in Redis; their sizes are unknown. */
  synchronized void found(Map<RecordId, String> entries) {
    entries.forEach((id, entryId) -> places.putIfAbsent(id, new Place(entryId, 0)));
  }

  /** The ids of the entries that Redis has answered for. */
  synchronized List<String> answered() {
    List<String> answered = new ArrayList<>();
    for (Place place : places.values()) {
      if (place.entryId != null) {
        answered.add(place.entryId);
      }
    }
    return answered;
  }

  /** Removes the entries with the given ids, which are no longer in the stream. */
  void gone(Set<String> entryIds) {
    List<RecordId> gone = new ArrayList<>();
    synchronized (this) {
      places.forEach(
          (id, place) -> {
            if (place.entryId != null && entryIds.contains(place.entryId)) {
              gone.add(id);
            }
          });
    }
    remove(gone);
  }

  private void remove(List<RecordId> ids) {
    synchronized (this) {
      for (RecordId id : ids) {
        Place place = places.remove(id);
        bytes -= place == null ? 0 : place.bytes;
      }
    }
    tellOfRoom();
    tellOfTheEnd();
  }

  /**
   * Returns a stage that completes once no entry is owed. Call this when no visit is in progress
   * and none will begin.
   */
  CompletionStage<Void> noneOwed() {
    synchronized (this) {
      ending = true;
    }
    tellOfTheEnd();
    return noneOwed;
  }

  private void tellOfTheEnd() {
    boolean none;
    synchronized (this) {
      none = ending && places.isEmpty();
    }
    if (none) {
      noneOwed.complete(null);
    }
  }

  /** Reserves room for a visit, if there is any. */
  synchronized boolean beginVisit() {
    if (!hasRoom()) {
      return false;
    }
    visits++;
    return true;
  }

  /** Returns the room that {@link #beginVisit} reserved. */
  void visitEnded() {
    synchronized (this) {
      visits--;
    }
    tellOfRoom();
  }

  private void tellOfRoom() {
    CompletableFuture<Void> waited = null;
    synchronized (this) {
      if (hasRoom()) {
        waited = room;
        room = null;
      }
    }
    if (waited != null) {
      waited.complete(null);
    }
  }

  /**
   * Returns a stage that is already complete if there is room, and otherwise completes on the
   * thread that frees some.
   */
  synchronized CompletionStage<Void> room() {
    if (hasRoom()) {
      return CompletableFuture.completedFuture(null);
    }
    CompletableFuture<Void> waited = room;
    if (waited == null) {
      waited = new CompletableFuture<>();
      room = waited;
    }
    return waited;
  }

  private boolean hasRoom() {
    return places.size() + visits < bounds.count()
        && bytes + visits * RecordBounds.VISIT_BYTES < bounds.bytes();
  }

  synchronized int count() {
    return places.size();
  }

  private synchronized long bytes() {
    return bytes;
  }
}
