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
import java.util.SortedMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/**
 * A web that is hostile in every way that docs/outcomes.md knows: of its URLs a tenth each resets,
 * stalls, times out, is oversized, malformed, redirects or answers with an error; the rest is good.
 * It answers a million requests from one event loop and a few megabytes, and knows how each URL
 * must end: {@link HostilePlan} says what it is.
 *
 * <p>Thread-safe: what it sends is computed on its event loop, and the counts are atomic.
 */
public final class HostileWeb implements AutoCloseable {

  /** What {@code fetcher.max-redirects} must be for the truth to hold. */
  public static final int MAX_REDIRECTS = HostilePlan.MAX_REDIRECTS;

  private final MultiThreadIoEventLoopGroup loop =
      new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  private final HostileLog log;
  private final AtomicLong slammed = new AtomicLong();
  private final HostilePlan plan;
  private final DnsResponder dns;

  private HostileWeb(int hosts, int groups) throws IOException {
    dns = DnsResponder.answering(".test", InetAddress.getLoopbackAddress());
    Channel slam = listen(() -> new SlamHandler(slammed));
    // The port is known when the server listens; no connection comes before the seed is told.
    HostileSite site = new HostileSite();
    Channel server = listen(() -> new HostileHandler(site));
    plan = new HostilePlan(hosts, groups, port(server), port(slam));
    log = new HostileLog(hosts);
    site.open(plan, new HostileReplies(plan), log);
  }

  /**
   * Starts a web; the caller closes it.
   *
   * @param groups pages in the row of each host, each with ten more URLs
   */
  public static HostileWeb start(int hosts, int groups) throws IOException {
    return new HostileWeb(hosts, groups);
  }

  /** The page from which all is reachable. */
  public String seed() {
    return plan.url(0, "/s/0");
  }

  /** The ports that a crawler must be allowed to ask, as a YAML list. */
  public String ports() {
    return "[" + plan.port() + ", " + plan.slamPort() + "]";
  }

  /** The name server that knows the hosts, as {@code address:port}. */
  public String nameServer() {
    return dns.address();
  }

  /** Every URL that a whole crawl meets, and how it must end. */
  public SortedMap<String, Expected> truth() {
    return plan.truth();
  }

  /** Requests that were answered so, or left unanswered. */
  public long requests(Behaviour behaviour) {
    return behaviour == Behaviour.SLAMMED ? slammed.get() : log.requests(behaviour);
  }

  /** Requests of all behaviours, robots.txt left out. */
  public long requests() {
    long all = 0;
    for (Behaviour behaviour : Behaviour.values()) {
      all += requests(behaviour);
    }
    return all;
  }

  /** Requests for good pages that had been answered before. */
  public long goodAskedAgain() {
    return log.goodAskedAgain();
  }

  /** Requests for what robots.txt forbids, or for paths that no page links. */
  public long uncalledFor() {
    return log.uncalledFor();
  }

  private Channel listen(Supplier<ChannelHandler> handler) {
    return new ServerBootstrap()
        .group(loop)
        .channel(NioServerSocketChannel.class)
        .option(ChannelOption.SO_BACKLOG, 4096)
        .childOption(ChannelOption.TCP_NODELAY, true)
        // No leak detection, no pools: the server must cost little beside the crawler.
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

  @Override
  public void close() {
    dns.close();
    loop.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
  }
}
