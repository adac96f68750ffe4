package io.sluice.fetcher.handover;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.sluice.core.lease.LeaseId;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * The leases whose pages are in Redis or on the way there, each with its page's entry id. Its size
 * is bounded by the frontier's credit.
 *
 * <p>Thread-safe: a concurrent map.
 */
final class Outstanding implements AutoCloseable {

  /**
   * A page that was handed over: its entry's id, null until Redis has answered; the bytes that it
   * occupies; and whether Redis certainly has it.
   */
  private record HandedPage(@Nullable String entryId, long bytes, boolean certain) {}

  private final Map<LeaseId, HandedPage> pages = new ConcurrentHashMap<>();
  private final LongAdder bytes = new LongAdder();

  private final MeterRegistry registry;
  private final List<Meter> gauges;

  Outstanding(MeterRegistry registry) {
    this.registry = registry;
    this.gauges =
        List.of(
            Gauge.builder("sluice.outstanding.pages", pages, Map::size)
                .description("Pages handed over whose outcomes parsers owe")
                .register(registry),
            Gauge.builder("sluice.outstanding.bytes", bytes, LongAdder::sum)
                .description("Bytes that these pages occupy in Redis")
                .register(registry));
  }

  /** Unregisters the gauges. */
  @Override
  public void close() {
    gauges.forEach(registry::remove);
  }

  /** Records that a page is about to be sent. */
  void sending(LeaseId lease, long size) {
    put(lease, new HandedPage(null, size, false));
  }

  /** Records that Redis has the page. Has no effect if the page's outcome was read first. */
  void there(LeaseId lease, String entryId) {
    pages.computeIfPresent(lease, (id, page) -> new HandedPage(entryId, page.bytes, true));
  }

  /**
   * Records that it is unknown whether Redis has, or had, the page. Has no effect if the page's
   * outcome was read first.
   */
  void inDoubt(LeaseId lease, String entryId) {
    pages.computeIfPresent(lease, (id, page) -> new HandedPage(entryId, page.bytes, false));
  }

  /** Records a page of an earlier process that was found in Redis; its size is unknown. */
  void found(LeaseId lease, String entryId) {
    put(lease, new HandedPage(entryId, 0, true));
  }

  /** Removes a lease that has ended or whose page Redis does not have. */
  void remove(LeaseId lease) {
    HandedPage page = pages.remove(lease);
    if (page != null) {
      bytes.add(-page.bytes);
    }
  }

  private void put(LeaseId lease, HandedPage page) {
    HandedPage former = pages.put(lease, page);
    bytes.add(page.bytes - (former == null ? 0 : former.bytes));
  }

  /** The leases whose pages or outcomes are certainly in Redis. */
  Set<LeaseId> certain() {
    Set<LeaseId> certain = new HashSet<>();
    pages.forEach(
        (lease, page) -> {
          if (page.certain) {
            certain.add(lease);
          }
        });
    return certain;
  }

  /** The entry ids of the pages that Redis has answered for, by lease. */
  Map<LeaseId, String> answered() {
    Map<LeaseId, String> answered = new HashMap<>();
    pages.forEach(
        (lease, page) -> {
          if (page.entryId != null) {
            answered.put(lease, page.entryId);
          }
        });
    return answered;
  }

  /** The entry ids of those of the given leases' pages that Redis has answered for. */
  Map<LeaseId, String> answered(Collection<LeaseId> leases) {
    Map<LeaseId, String> answered = new HashMap<>();
    for (LeaseId lease : leases) {
      HandedPage page = pages.get(lease);
      if (page != null && page.entryId != null) {
        answered.put(lease, page.entryId);
      }
    }
    return answered;
  }
}
