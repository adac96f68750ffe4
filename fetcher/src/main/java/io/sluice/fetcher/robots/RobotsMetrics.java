package io.sluice.fetcher.robots;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Counts robots.txt files by what came of them ({@code sluice_robots_fetches_total}), and shows how
 * many are cached. Thread-safe.
 */
final class RobotsMetrics {
  private final AtomicInteger cached = new AtomicInteger();
  private final Counter known;
  private final Counter unreachable;
  private final Counter hostFailed;
  private final Counter busy;
  private final Counter cancelled;

  RobotsMetrics(MeterRegistry meters, int max) {
    known = counter(meters, "known");
    unreachable = counter(meters, "unreachable");
    hostFailed = counter(meters, "host-failed");
    busy = counter(meters, "busy");
    cancelled = counter(meters, "cancelled");
    Gauge.builder("sluice.robots.cached", cached, AtomicInteger::get)
        .description("Origins whose rules are cached")
        .register(meters);
    Gauge.builder("sluice.robots.cached.max", () -> max)
        .description("Origins whose rules are cached at most")
        .register(meters);
  }

  private static Counter counter(MeterRegistry meters, String result) {
    return Counter.builder("sluice.robots.fetches")
        .description("robots.txt files asked for, by result")
        .tag("result", result)
        .register(meters);
  }

  void fetched(RobotsAnswer answer) {
    switch (answer) {
      case RobotsAnswer.Known _ -> known.increment();
      case RobotsAnswer.Unreachable _ -> unreachable.increment();
      case RobotsAnswer.HostFailed _ -> hostFailed.increment();
      case RobotsAnswer.Busy _ -> busy.increment();
      case RobotsAnswer.Cancelled _ -> cancelled.increment();
    }
  }

  void cached(int change) {
    cached.addAndGet(change);
  }
}
