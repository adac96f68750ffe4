package io.sluice.frontier;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.sluice.core.lease.Ending;
import io.sluice.core.lease.VisitKind;
import io.sluice.frontier.credit.Credit;
import io.sluice.frontier.governor.Governor;
import io.sluice.frontier.hold.HostState.Kind;
import io.sluice.frontier.scope.Refusal;
import java.time.Duration;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * Registers the frontier's meters, each of which reads the figures that the shards last published.
 * Stateless.
 */
final class FrontierMetrics {

  private FrontierMetrics() {}

  /** The timer of syncs. */
  static Timer syncTimer(MeterRegistry registry) {
    return Timer.builder("sluice.frontier.sync")
        .description("Time to make a journal durable")
        .serviceLevelObjectives(
            Duration.ofMillis(1),
            Duration.ofMillis(10),
            Duration.ofMillis(100),
            Duration.ofSeconds(1))
        .register(registry);
  }

  /** Registers a frontier's meters, without keeping the frontier alive. */
  static void register(MeterRegistry registry, Frontier frontier, Credit credit) {
    gauge(registry, frontier, "queued", "URLs waiting for a lease", FrontierStats::queued);
    gauge(registry, frontier, "leased", "Leases not yet in Redis", FrontierStats::leased);
    gauge(
        registry, frontier, "outstanding", "Outcomes that parsers owe", FrontierStats::outstanding);
    gauge(registry, frontier, "revisits", "Pages to visit again", FrontierStats::revisits);
    gauge(registry, frontier, "retries", "URLs waiting to be retried", FrontierStats::retries);
    gauge(
        registry, frontier, "set.aside", "URLs that the settings refuse", FrontierStats::setAside);
    gauge(registry, frontier, "given.up", "URLs of hosts given up", FrontierStats::givenUp);
    gauge(registry, frontier, "seen", "URLs ever accepted", FrontierStats::seen);
    gauge(registry, frontier, "hosts", "Hosts ever seen", FrontierStats::hosts);
    Gauge.builder("sluice.frontier.oldest.lease", frontier, f -> seconds(f.stats().oldestLease()))
        .description("Longest time that a lease has been in its present stage")
        .baseUnit("seconds")
        .register(registry);
    registerFootprint(registry, frontier);
    registerHosts(registry, frontier);
    for (Ending ending : Ending.values()) {
      FunctionCounter.builder("sluice.urls.ended", frontier, f -> f.stats().done(ending))
          .description("URLs whose crawl ended in this crawl directory, counted each time")
          .tag("ending", ending.word())
          .register(registry);
    }
    registerOffers(registry, frontier);
    registerCredit(registry, credit);
  }

  private static double seconds(Duration duration) {
    return duration.toNanos() / 1e9;
  }

  private static void registerHosts(MeterRegistry registry, Frontier frontier) {
    for (Kind state : Kind.values()) {
      Gauge.builder("sluice.hosts", frontier, f -> f.stats().hosts(state))
          .description("Hosts by state")
          .tag("state", state.word())
          .register(registry);
    }
    Gauge.builder("sluice.hosts.backing.off", frontier, f -> f.stats().backingOff())
        .description("Hosts that are left alone for longer than their delay")
        .register(registry);
    Gauge.builder("sluice.uplink.up", frontier, f -> f.uplink().down() ? 0 : 1)
        .description("Whether the crawl's own network connection seems to work: 1 or 0")
        .register(registry);
    FunctionCounter.builder("sluice.uplink.held", frontier, f -> f.uplink().held().toMillis() / 1e3)
        .description("Time for which the whole crawl was held because the network was down")
        .baseUnit("seconds")
        .register(registry);
  }

  private static void registerFootprint(MeterRegistry registry, Frontier frontier) {
    size(registry, frontier, "queue.memory", "URLs in memory", Footprint::queueMemoryBytes);
    size(registry, frontier, "seen.memory", "The seen set in memory", Footprint::seenMemoryBytes);
    size(registry, frontier, "seen.disk", "The seen set on disk", Footprint::seenDiskBytes);
    gauge(registry, frontier, "segments", "Files of URLs", s -> s.footprint().segments());
    gauge(registry, frontier, "seen.runs", "Files of the seen set", s -> s.footprint().seenRuns());
    gauge(registry, frontier, "prefixes", "Prefixes counted", s -> s.footprint().prefixes());
  }

  private static void size(
      MeterRegistry registry,
      Frontier frontier,
      String name,
      String description,
      ToDoubleFunction<Footprint> value) {
    Gauge.builder(
            "sluice.frontier." + name, frontier, f -> value.applyAsDouble(f.stats().footprint()))
        .description(description)
        .baseUnit("bytes")
        .register(registry);
  }

  /** Registers the governor's meters. */
  static void register(MeterRegistry registry, Governor governor) {
    Gauge.builder("sluice.frontier.addresses", governor, Governor::addresses)
        .description("IP addresses that are visited, waited for or resting")
        .register(registry);
    Gauge.builder("sluice.frontier.addresses.max", () -> Governor.MAX_ADDRESSES)
        .description("Maximum number of IP addresses remembered")
        .register(registry);
  }

  private static void registerOffers(MeterRegistry registry, Frontier frontier) {
    Map<String, ToDoubleFunction<OfferCounts>> results =
        Map.of("accepted", OfferCounts::accepted, "seen", OfferCounts::seen);
    results.forEach(
        (result, count) ->
            offers(registry, frontier, result, s -> count.applyAsDouble(s.offers())));
    for (Refusal refusal : Refusal.values()) {
      offers(registry, frontier, refusal.word(), s -> s.refused().getOrDefault(refusal, 0L));
    }
  }

  private static void offers(
      MeterRegistry registry,
      Frontier frontier,
      String result,
      ToDoubleFunction<FrontierStats> count) {
    FunctionCounter.builder("sluice.offers", frontier, f -> count.applyAsDouble(f.stats()))
        .description("URLs offered, by what became of them")
        .tag("result", result)
        .register(registry);
  }

  private static void registerCredit(MeterRegistry registry, Credit credit) {
    Credit.Limits limits = credit.limits();
    for (VisitKind kind : VisitKind.values()) {
      Gauge.builder("sluice.visits", credit, c -> c.visitCounts().of(kind))
          .description("Visits in progress, by the state of their hosts")
          .tag("kind", kind.word())
          .register(registry);
    }
    Gauge.builder("sluice.visits.troubled.max", credit, c -> c.visitCounts().troubledMax())
        .description("Maximum number of visits in progress to hosts in trouble")
        .register(registry);
    credit(registry, credit, "visits", Credit::visits, limits.visits());
    credit(registry, credit, "pages", Credit::out, limits.pages());
    credit(registry, credit, "bytes", Credit::bytes, (double) limits.bytes());
  }

  private static void credit(
      MeterRegistry registry, Credit credit, String of, ToDoubleFunction<Credit> used, double max) {
    Gauge.builder("sluice.frontier.credit.used", credit, used)
        .description("Credit that leases hold")
        .tag("of", of)
        .register(registry);
    Gauge.builder("sluice.frontier.credit.max", credit, _ -> max)
        .description("Credit that leases may hold")
        .tag("of", of)
        .register(registry);
  }

  private static void gauge(
      MeterRegistry registry,
      Frontier frontier,
      String name,
      String description,
      ToDoubleFunction<FrontierStats> value) {
    Gauge.builder("sluice.frontier." + name, frontier, f -> value.applyAsDouble(f.stats()))
        .description(description)
        .register(registry);
  }
}
