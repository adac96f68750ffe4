package io.sluice.fetcher;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.sluice.fetcher.http.Response;
import io.sluice.fetcher.reason.Reason;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.IntSupplier;

/**
 * Counts visits: {@code sluice_pages_fetched_total}, {@code sluice_fetch_unchanged_total}, {@code
 * sluice_fetch_bytes_total}, {@code sluice_fetch_seconds}, {@code sluice_fetch_failures_total} by
 * reason, {@code sluice_fetches_in_flight}. Thread-safe.
 */
final class FetcherMetrics {
  private final Counter pages;
  private final Counter unchanged;
  private final Counter redirects;
  private final Counter bytes;
  private final Counter deferred;
  private final Timer seconds;
  private final Map<Reason, Counter> failures = new EnumMap<>(Reason.class);

  FetcherMetrics(MeterRegistry meters, IntSupplier inFlight) {
    pages =
        Counter.builder("sluice.pages.fetched")
            .description("Final responses received")
            .register(meters);
    unchanged =
        Counter.builder("sluice.fetch.unchanged")
            .description("Pages visited again that had not changed since")
            .register(meters);
    redirects =
        Counter.builder("sluice.fetch.redirects")
            .description("Redirects received")
            .register(meters);
    bytes =
        Counter.builder("sluice.fetch.bytes")
            .description("Body bytes received, before decompression")
            .register(meters);
    deferred =
        Counter.builder("sluice.fetch.deferred")
            .description(
                "Leases given back without an attempt: rules read first, address busy, or stopping")
            .register(meters);
    seconds =
        Timer.builder("sluice.fetch")
            .description("From lease to the end of the response")
            .serviceLevelObjectives(
                Duration.ofMillis(10),
                Duration.ofMillis(100),
                Duration.ofSeconds(1),
                Duration.ofSeconds(10))
            .register(meters);
    for (Reason reason : Reason.values()) {
      if (reason != Reason.OK && reason != Reason.REDIRECT && reason != Reason.NOT_MODIFIED) {
        failures.put(reason, failureCounter(meters, reason));
      }
    }
    Gauge.builder("sluice.fetches.in.flight", inFlight::getAsInt)
        .description("Leases that the fetcher has and whose pages are not handed over yet")
        .register(meters);
  }

  private static Counter failureCounter(MeterRegistry meters, Reason reason) {
    return Counter.builder("sluice.fetch.failures")
        .description("Visits without a usable response, by reason; each attempt counts")
        .tag("reason", reason.word())
        .register(meters);
  }

  void ended(FetchOutcome outcome, long nanos) {
    switch (outcome) {
      case FetchOutcome.Fetched fetched -> {
        pages.increment();
        received(fetched.response(), nanos);
      }
      case FetchOutcome.NotModified notModified -> {
        unchanged.increment();
        received(notModified.response(), nanos);
      }
      case FetchOutcome.Redirected redirected -> {
        redirects.increment();
        received(redirected.response(), nanos);
      }
      case FetchOutcome.RobotsDenied denied -> failed(denied.reason());
      case FetchOutcome.Refused refused -> failed(refused.reason());
      case FetchOutcome.Failed failed -> failed(failed.reason());
      case FetchOutcome.Deferred _ -> deferred.increment();
    }
  }

  private void received(Response response, long nanos) {
    bytes.increment(response.body().size());
    seconds.record(Duration.ofNanos(nanos));
  }

  private void failed(Reason reason) {
    Counter counter = failures.get(reason);
    if (counter != null) {
      counter.increment();
    }
  }
}
