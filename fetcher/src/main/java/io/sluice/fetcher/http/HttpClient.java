package io.sluice.fetcher.http;

import io.micrometer.core.instrument.MeterRegistry;
import io.sluice.core.config.SluiceConfig;
import io.sluice.fetcher.dns.DnsMetrics;
import io.sluice.fetcher.dns.NameResolver;
import io.sluice.fetcher.guard.AddressGuard;
import io.sluice.fetcher.loop.DescriptorShortage;
import io.sluice.fetcher.loop.EventLoops;
import io.sluice.fetcher.loop.Lane;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends GET requests. A host's requests run on its lane; the client owns connections and name
 * resolvers.
 *
 * <p>Thread-safe: each request is handed to its lane. Methods whose description requires it must be
 * called on a lane.
 */
public final class HttpClient {
  private static final Logger log = LoggerFactory.getLogger(HttpClient.class);

  private final EventLoops loops;
  private final List<ConnectionPool> pools = new ArrayList<>();
  private final List<NameResolver> resolvers = new ArrayList<>();

  /**
   * Creates a client on the given loops, which are borrowed. It opens nothing before the first
   * request.
   *
   * @param clock gives the times at which requests are sent
   */
  public HttpClient(
      SluiceConfig config,
      EventLoops loops,
      AddressGuard guard,
      MeterRegistry meters,
      InstantSource clock) {
    this.loops = loops;
    HttpBounds bounds = HttpBounds.of(config);
    BodyBudget bodies =
        new BodyBudget(
            bounds.bodyBytes(),
            BodyClaims.largest(config.fetcher().maxBodyBytes()),
            bounds.connections());
    HttpMetrics metrics = new HttpMetrics(meters, bounds.connections(), bodies);
    DescriptorShortage shortage = new DescriptorShortage(meters);
    DnsMetrics dnsMetrics = new DnsMetrics(meters);
    ConnectionBudget budget = new ConnectionBudget(bounds.connections());
    Tls tls = new Tls(config.fetcher().verifyTls(), bounds.tlsMillis(), loops.aside());
    for (Lane lane : loops.lanes()) {
      NameResolver resolver = new NameResolver(loops, lane, config.fetcher(), dnsMetrics);
      resolvers.add(resolver);
      pools.add(
          new ConnectionPool(
              new LaneContext(
                  loops,
                  lane,
                  resolver,
                  guard,
                  tls,
                  bounds,
                  bodies,
                  metrics,
                  shortage,
                  new DeadAddresses(),
                  clock),
              budget));
    }
  }

  /**
   * Sends a request. The guard has already judged its URL; the addresses of its host are judged
   * here. Uses up the request's leave.
   *
   * @return a stage that completes on the lane of the URL's host and never fails
   */
  public CompletableFuture<HttpReply> fetch(HttpRequest request) {
    request.leave().use(request.url().host());
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

  /**
   * Cancels those of a lane's requests that are not on the wire, and begins no more there. Must be
   * called on the lane.
   */
  public void cancelPending(Lane lane) {
    pools.get(lane.index()).cancelPending();
  }

  /** Cancels every request of a lane. Must be called on the lane. */
  public void abort(Lane lane) {
    pools.get(lane.index()).abort();
  }

  /**
   * Cancels every request of a lane and closes its connections and its resolver. Must be called on
   * the lane, while its loop is still running.
   */
  public void close(Lane lane) {
    try {
      pools.get(lane.index()).close();
    } finally {
      try {
        resolvers.get(lane.index()).close();
      } catch (RuntimeException e) {
        log.warn("the name resolver did not close cleanly", e);
      }
    }
  }
}
