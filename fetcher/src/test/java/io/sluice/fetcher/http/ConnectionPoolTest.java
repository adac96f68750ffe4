package io.sluice.fetcher.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.channel.embedded.EmbeddedChannel;
import io.sluice.core.config.SluiceConfig;
import io.sluice.core.resource.ResourceLedger;
import io.sluice.fetcher.dns.DnsMetrics;
import io.sluice.fetcher.dns.NameResolver;
import io.sluice.fetcher.guard.AddressGuard;
import io.sluice.fetcher.loop.DescriptorShortage;
import io.sluice.fetcher.loop.EventLoops;
import io.sluice.fetcher.loop.Lane;
import io.sluice.fetcher.testing.RecordingDesk;
import io.sluice.fetcher.testing.TestSettings;
import java.net.InetAddress;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What the pool does when the network is quicker than it. */
final class ConnectionPoolTest {
  private final SluiceConfig config = new TestSettings().config();
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final ConnectionBudget budget = new ConnectionBudget(1);

  @Test
  void aConnectionThatClosedBeforeItWasTakenOverGivesItsPlaceBack() throws Exception {
    try (EventLoops loops = EventLoops.open(1, new ResourceLedger())) {
      Lane lane = loops.lanes().getFirst();
      lane.loop().submit(() -> takeOverClosed(loops, lane)).get(10, TimeUnit.SECONDS);
    }
  }

  private void takeOverClosed(EventLoops loops, Lane lane) {
    try (NameResolver resolver =
        new NameResolver(
            loops,
            lane,
            config.fetcher().dns(),
            config.fetcher().timeouts().dns(),
            new DnsMetrics(meters))) {
      HttpBounds bounds = HttpBounds.of(config);
      BodyBudget bodies = new BodyBudget(bounds.bodyBytes(), bounds.connections());
      ConnectionPool pool =
          new ConnectionPool(
              loops,
              lane,
              resolver,
              new AddressGuard(config.fetcher().addresses()),
              new Tls(true, bounds.tlsMillis()),
              bounds,
              budget,
              bodies,
              new HttpMetrics(meters, bounds.connections(), bodies),
              new DescriptorShortage(meters));
      Exchange exchange = new Exchange(pool, request());
      assertThat(budget.tryTake()).isTrue();
      EmbeddedChannel closed = new EmbeddedChannel();
      var _ = closed.close();

      pool.connected(
          exchange,
          new HttpConnection(pool, exchange.origin, InetAddress.getLoopbackAddress(), closed));

      assertThat(exchange.reply).isDone();
      assertThat(exchange.reply.join()).isInstanceOf(HttpReply.Failed.class);
      assertThat(budget.tryTake()).isTrue();
    }
  }

  private HttpRequest request() {
    return new HttpRequest(
        RecordingDesk.url("http://h.test/"),
        RequestHeads.forPages("Test"),
        config.fetcher().maxBodyBytes(),
        System.nanoTime() + config.fetcher().timeouts().total().toNanos(),
        _ -> true);
  }
}
