package io.sluice.fetcher.http;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.sluice.core.config.SluiceConfig;
import io.sluice.fetcher.dns.NameResolver;
import io.sluice.fetcher.guard.AddressGuard;
import io.sluice.fetcher.loop.DescriptorShortage;
import io.sluice.fetcher.loop.EventLoops;
import java.time.InstantSource;

/** Contexts of a fetcher's first lane, for tests. */
final class LaneContexts {

  private LaneContexts() {}

  /**
   * Creates a context as in a fetcher with the given config, but with the test's own parts, which
   * are borrowed.
   */
  static LaneContext of(
      SluiceConfig config, EventLoops loops, NameResolver resolver, BodyBudget bodies) {
    SimpleMeterRegistry meters = new SimpleMeterRegistry();
    HttpBounds bounds = HttpBounds.of(config);
    return new LaneContext(
        loops,
        loops.lanes().getFirst(),
        resolver,
        new AddressGuard(config.fetcher().addresses()),
        new Tls(true, bounds.tlsMillis(), loops.aside()),
        bounds,
        bodies,
        new HttpMetrics(meters, bounds.connections(), bodies),
        new DescriptorShortage(meters),
        new DeadAddresses(),
        InstantSource.system());
  }
}
