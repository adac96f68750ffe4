package io.sluice.fetcher.dns;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.sluice.core.lease.Reason;
import java.util.EnumMap;
import java.util.Map;

/** Counts lookups by result: {@code sluice_dns_lookups_total}. Thread-safe. */
public final class DnsMetrics {
  private final Map<Reason, Counter> counters = new EnumMap<>(Reason.class);

  /** Registers the counters. */
  public DnsMetrics(MeterRegistry meters) {
    for (Reason result :
        new Reason[] {
          Reason.OK,
          Reason.DNS_NOT_FOUND,
          Reason.DNS_FAILED,
          Reason.DNS_TIMEOUT,
          Reason.DNS_UNREACHABLE
        }) {
      counters.put(
          result,
          Counter.builder("sluice.dns.lookups")
              .description("Name lookups by result")
              .tag("result", result.word())
              .register(meters));
    }
  }

  void lookedUp(LookUp result) {
    Counter counter =
        counters.get(
            switch (result) {
              case LookUp.Found _ -> Reason.OK;
              case LookUp.NoSocket _, LookUp.NotAsked _ -> Reason.DNS_FAILED;
              case LookUp.NotFound notFound -> notFound.reason();
            });
    if (counter != null) {
      counter.increment();
    }
  }
}
