package io.sluice.fetcher.http;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Counts connections by state ({@code sluice_http_connections}), connections opened, and kept
 * connections found stale. Thread-safe.
 */
final class HttpMetrics {
  private final AtomicInteger open = new AtomicInteger();
  private final AtomicInteger idle = new AtomicInteger();
  private final Counter opened;
  private final Counter stale;

  private final Counter heldUp;

  HttpMetrics(MeterRegistry meters, int max, BodyBudget bodies) {
    Gauge.builder("sluice.http.body.memory.bytes", bodies, BodyBudget::usedBytes)
        .description("Memory that bodies have claimed until their pages are handed over")
        .register(meters);
    Gauge.builder("sluice.http.body.memory.max.bytes", bodies, BodyBudget::maxBytes)
        .description("Memory that bodies may claim")
        .register(meters);
    heldUp =
        Counter.builder("sluice.http.bodies.held.up")
            .description("Bodies that had to wait for memory")
            .register(meters);
    gauge(meters, "active", () -> open.get() - idle.get());
    gauge(meters, "idle", idle::get);
    gauge(meters, "max", () -> max);
    opened =
        Counter.builder("sluice.http.connections.opened")
            .description("Connections opened")
            .register(meters);
    stale =
        Counter.builder("sluice.http.connections.stale")
            .description("Requests that failed because the server had closed a kept connection")
            .register(meters);
  }

  private static void gauge(
      MeterRegistry meters, String state, java.util.function.Supplier<Number> value) {
    Gauge.builder("sluice.http.connections", value)
        .description("Connections by state, and their maximum")
        .tag("state", state)
        .register(meters);
  }

  void opened() {
    open.incrementAndGet();
    opened.increment();
  }

  void closed() {
    open.decrementAndGet();
  }

  void idle(int change) {
    idle.addAndGet(change);
  }

  void heldUp() {
    heldUp.increment();
  }

  void stale() {
    stale.increment();
  }
}
