package io.sluice.fetcher.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.channel.embedded.EmbeddedChannel;
import io.sluice.core.config.SluiceConfig;
import io.sluice.core.resource.ResourceLedger;
import io.sluice.fetcher.dns.DnsMetrics;
import io.sluice.fetcher.dns.NameResolver;
import io.sluice.fetcher.loop.EventLoops;
import io.sluice.fetcher.loop.Lane;
import io.sluice.fetcher.testing.RecordingDesk;
import io.sluice.fetcher.testing.TestSettings;
import java.net.InetAddress;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The pool on a network whose events arrive before the pool has acted. */
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
        new NameResolver(loops, lane, config.fetcher(), new DnsMetrics(meters))) {
      HttpBounds bounds = HttpBounds.of(config);
      BodyBudget bodies = new BodyBudget(bounds.bodyBytes(), 1 << 20, bounds.connections());
      ConnectionPool pool =
          new ConnectionPool(LaneContexts.of(config, loops, resolver, bodies), budget);
      Exchange exchange = new Exchange(pool, request(lane));
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

  private HttpRequest request(Lane lane) {
    return new HttpRequest(
        RecordingDesk.url("http://h.test/"),
        RequestHeads.forPages("Test"),
        config.fetcher().maxBodyBytes(),
        lane.nanoTime() + config.fetcher().timeouts().total().toNanos(),
        RecordingDesk.leave(config, "http://h.test/"),
        HostTerms.PROVEN,
        false);
  }
}
