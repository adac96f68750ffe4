package io.sluice.fetcher.handover;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.sluice.core.lease.Ending;
import java.util.EnumMap;
import java.util.Map;

/** The outcome loop's counters; each of them exists from the start. Thread-safe. */
final class OutcomeMetrics {

  private final Map<Ending, Counter> endings = new EnumMap<>(Ending.class);
  private final Counter malformed;
  private final Counter readFailures;
  private final Counter settleFailures;

  OutcomeMetrics(MeterRegistry registry) {
    for (Ending ending : Ending.values()) {
      endings.put(ending, outcomes(registry, ending.word()));
    }
    malformed = outcomes(registry, "malformed");
    readFailures =
        Counter.builder("sluice.outcomes.read.failures")
            .description("Times that outcomes could not be read because Redis was unavailable")
            .register(registry);
    settleFailures =
        Counter.builder("sluice.outcomes.settle.failures")
            .description(
                "Outcomes that could not be settled because of a defect and are read again")
            .register(registry);
  }

  private static Counter outcomes(MeterRegistry registry, String ending) {
    return Counter.builder("sluice.outcomes")
        .description("Outcomes read, by ending")
        .tag("ending", ending)
        .register(registry);
  }

  void read(Ending ending) {
    Counter counter = endings.get(ending);
    if (counter != null) {
      counter.increment();
    }
  }

  void readMalformed() {
    malformed.increment();
  }

  void readFailed() {
    readFailures.increment();
  }

  void settleFailed() {
    settleFailures.increment();
  }
}
