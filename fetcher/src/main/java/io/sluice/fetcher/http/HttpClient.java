package io.sluice.fetcher.http;

import io.micrometer.core.instrument.MeterRegistry;
import io.sluice.core.config.SluiceConfig;
import io.sluice.fetcher.dns.DnsMetrics;
import io.sluice.fetcher.dns.NameResolver;
import io.sluice.fetcher.guard.AddressGuard;
import io.sluice.fetcher.loop.DescriptorShortage;
import io.sluice.fetcher.loop.EventLoops;
import io.sluice.fetcher.loop.Lane;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends GET requests. A host's requests run on its lane; connections and name resolvers are the
 * client's own.
 *
 * <p>Thread-safe: each request is handed to its lane. What says so is to be called on a lane.
 */
public final class HttpClient {
  private static final Logger LOG = LoggerFactory.getLogger(HttpClient.class);

  private final EventLoops loops;
  private final List<ConnectionPool> pools = new ArrayList<>();
  private final List<NameResolver> resolvers = new ArrayList<>();

  /**
   * A client on the given loops, which are borrowed. Nothing is opened before the first request.
   */
  public HttpClient(
      SluiceConfig config, EventLoops loops, AddressGuard guard, MeterRegistry meters) {
    this.loops = loops;
    HttpBounds bounds = HttpBounds.of(config);
    BodyBudget bodies = new BodyBudget(bounds.bodyBytes(), bounds.connections());
    HttpMetrics metrics = new HttpMetrics(meters, bounds.connections(), bodies);
    DescriptorShortage shortage = new DescriptorShortage(meters);
    DnsMetrics dnsMetrics = new DnsMetrics(meters);
    ConnectionBudget budget = new ConnectionBudget(bounds.connections());
    Tls tls = new Tls(config.fetcher().verifyTls(), bounds.tlsMillis());
    for (Lane lane : loops.lanes()) {
      NameResolver resolver =
          new NameResolver(
              loops, lane, config.fetcher().dns(), config.fetcher().timeouts().dns(), dnsMetrics);
      resolvers.add(resolver);
      pools.add(
          new ConnectionPool(
              loops, lane, resolver, guard, tls, bounds, budget, bodies, metrics, shortage));
    }
  }

  /**
   * Sends a request. Its URL was judged by the guard before; the addresses of its host are judged
   * here.
   *
   * @return completes on the lane of the URL's host; never fails
   */
  public CompletableFuture<HttpReply> fetch(HttpRequest request) {
    Lane lane = loops.laneOf(request.url().host());
    ConnectionPool pool = pools.get(lane.index());
    Exchange exchange = new Exchange(pool, request);
    if (lane.loop().inEventLoop()) {
      pool.start(exchange);
    } else {
      try {
        lane.loop().execute(() -> pool.start(exchange));
      } catch (RejectedExecutionException e) {
        exchange.reply.complete(new HttpReply.Cancelled(false));
      }
    }
    return exchange.reply;
  }

  /** Cancels what is not on the wire on a lane, and begins nothing more there. Call it there. */
  public void cancelPending(Lane lane) {
    pools.get(lane.index()).cancelPending();
  }

  /** Cancels every request of a lane. Call it there. */
  public void abort(Lane lane) {
    pools.get(lane.index()).abort();
  }

  /**
   * Cancels every request of a lane and closes its connections and its resolver. Call it there,
   * while the loop still runs.
   */
  public void close(Lane lane) {
    try {
      pools.get(lane.index()).close();
    } finally {
      try {
        resolvers.get(lane.index()).close();
      } catch (RuntimeException e) {
        LOG.warn("The name resolver did not close cleanly", e);
      }
    }
  }
}
