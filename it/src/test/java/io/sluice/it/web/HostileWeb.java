package io.sluice.it.web;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.sluice.it.web.Behaviour.Expected;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.SortedMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/**
 * A web that is hostile in every way that docs/outcomes.md lists. A tenth of its URLs show each
 * kind of hostile behaviour: resets, stalls, timeouts, oversized responses, malformed responses,
 * redirects, and errors. The rest are good. The web answers a million requests with one event loop
 * and a few megabytes of memory, and knows how each URL must end; {@link HostilePlan} defines its
 * URLs.
 *
 * <p>Thread-safe: replies are computed on its event loop, and the counts are atomic.
 */
public final class HostileWeb implements AutoCloseable {

  /** The value of {@code fetcher.max-redirects} that {@link #truth} assumes. */
  public static final int MAX_REDIRECTS = HostilePlan.MAX_REDIRECTS;

  private final MultiThreadIoEventLoopGroup loop =
      new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  private final HostileLog log;
  private final AtomicLong slammed = new AtomicLong();
  private final HostilePlan plan;
  private final DnsResponder dns;
  private final PolitenessOracle oracle;

  private HostileWeb(int hosts, int groups) throws IOException {
    dns = DnsResponder.answering(".test", InetAddress.getLoopbackAddress());
    Channel slam = listen(() -> new SlamHandler(slammed));
    oracle = new PolitenessOracle(dns.address());
    // The port is known once the server is listening; no client connects before the seed is known.
    HostileSite site = new HostileSite();
    Channel server = listen(() -> new HostileHandler(site, oracle));
    plan = new HostilePlan(hosts, groups, port(server), port(slam));
    log = new HostileLog(hosts);
    site.open(plan, new HostileReplies(plan), log);
  }

  /**
   * Starts a web; the caller closes it.
   *
   * @param groups number of pages in the row of each host, each with ten more URLs
   */
  public static HostileWeb start(int hosts, int groups) throws IOException {
    return new HostileWeb(hosts, groups);
  }

  /** The page from which all others are reachable. */
  public String seed() {
    return plan.url(0, "/s/0");
  }

  /** The ports that a crawler must be allowed to connect to, as a YAML list. */
  public String ports() {
    return "[" + plan.port() + ", " + plan.slamPort() + "]";
  }

  /** The name server that knows the hosts, as {@code address:port}. */
  public String nameServer() {
    return dns.address();
  }

  /** Every URL that a whole crawl finds, and how it must end. */
  public SortedMap<String, Expected> truth() {
    return plan.truth();
  }

  /** Number of requests for URLs of the given behaviour, answered or not. */
  public long requests(Behaviour behaviour) {
    return behaviour == Behaviour.SLAMMED ? slammed.get() : log.requests(behaviour);
  }

  /** Number of requests for URLs of all behaviours, without those for robots.txt. */
  public long requests() {
    long all = 0;
    for (Behaviour behaviour : Behaviour.values()) {
      all += requests(behaviour);
    }
    return all;
  }

  /** Number of requests for good pages that had been answered before. */
  public long goodAskedAgain() {
    return log.goodAskedAgain();
  }

  /** The shortest time between two requests for the same URL, among those that are remembered. */
  public Duration shortestRepeat() {
    return Duration.ofNanos(log.shortestRepeatNanos());
  }

  /** Number of requests for paths that robots.txt forbids or that no page links. */
  public long uncalledFor() {
    return log.uncalledFor();
  }

  private Channel listen(Supplier<ChannelHandler> handler) {
    return new ServerBootstrap()
        .group(loop)
        .channel(NioServerSocketChannel.class)
        .option(ChannelOption.SO_BACKLOG, 4096)
        .childOption(ChannelOption.TCP_NODELAY, true)
        // Without leak detection and pools, the server costs little compared with the crawler.
        .childOption(ChannelOption.ALLOCATOR, new UnpooledByteBufAllocator(false, true))
        .childHandler(
            new ChannelInitializer<SocketChannel>() {
              @Override
              protected void initChannel(SocketChannel channel) {
                channel.pipeline().addLast(handler.get());
              }
            })
        .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
        .syncUninterruptibly()
        .channel();
  }

  private static int port(Channel server) {
    return ((InetSocketAddress) server.localAddress()).getPort();
  }

  /**
   * Closes the web; fails if a host, domain or address was visited earlier than the crawl's
   * settings allow.
   */
  @Override
  public void close() {
    dns.close();
    loop.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
    oracle.check();
  }
}
