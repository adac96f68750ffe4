package io.sluice.fetcher;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.sluice.core.lease.Reason;
import io.sluice.fetcher.http.Response;
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

  /** 1xx to 5xx; a status of 600 and above counts as 5xx (RFC 9110, 15). */
  private static final int STATUS_CLASSES = 5;

  private final Counter pages;
  private final Counter unchanged;
  private final Counter redirects;
  private final Counter bytes;
  private final Counter deferred;
  private final Timer seconds;
  private final Counter[] responses = new Counter[STATUS_CLASSES];
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
                Duration.ofMillis(5),
                Duration.ofMillis(20),
                Duration.ofMillis(50),
                Duration.ofMillis(100),
                Duration.ofMillis(200),
                Duration.ofMillis(500),
                Duration.ofSeconds(1),
                Duration.ofSeconds(2),
                Duration.ofSeconds(5),
                Duration.ofSeconds(10),
                Duration.ofSeconds(30),
                Duration.ofSeconds(60))
            .register(meters);
    for (int i = 0; i < STATUS_CLASSES; i++) {
      responses[i] =
          Counter.builder("sluice.responses")
              .description("Responses to requests for pages, by class of status")
              .tag("status", (i + 1) + "xx")
              .register(meters);
    }
    for (Reason reason : Reason.values()) {
      if (reason.failsVisit()) {
        failures.put(reason, failureCounter(meters, reason));
      }
    }
    Gauge.builder("sluice.fetches.in.flight", inFlight::getAsInt)
        .description("Leases of the fetcher whose pages are not handed over yet")
        .register(meters);
  }

  private static Counter failureCounter(MeterRegistry meters, Reason reason) {
    return Counter.builder("sluice.fetch.failures")
        .description("Visits without a good response, by reason; each attempt counts")
        .tag("reason", reason.word())
        .register(meters);
  }

  void ended(VisitResult result, long nanos) {
    switch (result) {
      case VisitResult.Fetched fetched -> {
        pages.increment();
        received(fetched.response(), nanos);
        Reason trouble = Reason.ofPassingStatus(fetched.response().status());
        if (trouble != null) {
          failed(trouble);
        }
      }
      case VisitResult.NotModified notModified -> {
        unchanged.increment();
        received(notModified.response(), nanos);
      }
      case VisitResult.Redirected redirected -> {
        redirects.increment();
        received(redirected.response(), nanos);
      }
      case VisitResult.RobotsDenied denied -> failed(denied.reason());
      case VisitResult.Refused refused -> failed(refused.reason());
      case VisitResult.Failed failed -> failed(failed.reason());
      case VisitResult.Deferred _ -> deferred.increment();
    }
  }

  private void received(Response response, long nanos) {
    bytes.increment(response.body().size());
    responses[Math.min(response.status() / 100, STATUS_CLASSES) - 1].increment();
    seconds.record(Duration.ofNanos(nanos));
  }

  private void failed(Reason reason) {
    Counter counter = failures.get(reason);
    if (counter != null) {
      counter.increment();
    }
  }
}
