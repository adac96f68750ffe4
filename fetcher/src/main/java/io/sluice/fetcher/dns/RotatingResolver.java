package io.sluice.fetcher.dns;

import io.netty.channel.AddressedEnvelope;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.dns.DefaultDnsQuestion;
import io.netty.handler.codec.dns.DnsRecordType;
import io.netty.handler.codec.dns.DnsResponse;
import io.netty.resolver.dns.DnsNameResolver;
import io.netty.resolver.dns.DnsNameResolverBuilder;
import io.netty.resolver.dns.DnsNameResolverChannelStrategy;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import io.sluice.core.resource.ResourceKind;
import io.sluice.fetcher.loop.DeadlineSweep;
import io.sluice.fetcher.loop.EventLoops;
import io.sluice.fetcher.loop.Lane;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The library's resolver on a UDP socket that all lookups share for a while.
 *
 * <p>A socket's source port is part of what stands between a lookup and a forged answer (RFC 5452,
 * 9.2), so it must not become known. After {@link Limits#lookUps} lookups, or once it is {@link
 * Limits#age} old, a socket is retired: the next lookup opens another one, whose port the system
 * picks at random, and the retired one closes when its last lookup ends. A resolver belongs to one
 * socket; so an answer that reaches a socket is compared only with queries that left by it.
 *
 * <p>No socket is open before the first lookup, and none stays open longer than its age while there
 * are no lookups.
 *
 * <p>Confined to its event loop.
 */
final class RotatingResolver implements AutoCloseable {

  /** Size of a socket's receive buffer, in bytes; the system may grant less. */
  private static final int RECEIVE_BUFFER_BYTES = 2 << 20;

  /**
   * Maximum size of an answer over UDP, in bytes (RFC 9715, 3.1). Larger ones would arrive in
   * fragments, of which all but the first can be forged without knowing port and id; a server
   * truncates them, and they are read over TCP.
   */
  private static final int MAX_DATAGRAM_BYTES = 1232;

  private final EventLoops loops;
  private final Lane lane;
  private final DnsNameResolverBuilder template;
  private final int maxTcp;
  private final Limits limits;
  private final Age age = new Age();

  /** Sockets that may still be needed, the current one last. */
  private final Set<Shared> open = new LinkedHashSet<>();

  private @Nullable Shared current;
  private int tcp;

  /** TCP connections so far, those included that could not be opened; the number of the latest. */
  private long streams;

  /** The number of the latest TCP connection over which no answer came; 0 if there was none. */
  private long unheard;

  /** The open TCP connections over which no answer has come yet, by number. */
  private final NavigableSet<Long> awaited = new TreeSet<>();

  /**
   * When a socket is replaced.
   *
   * @param lookUps maximum number of lookups on one socket. A lookup makes at most 8 queries, and
   *     the ids of unanswered ones are not used again for a while, so 65,536 ids must be enough for
   *     all of them
   * @param age after which no lookup begins on it
   * @param sockets maximum number of sockets. When all but one wait for their last lookups, the
   *     current one is kept
   */
  record Limits(int lookUps, Duration age, int sockets) {
    /** Half of the ids in the worst case; half of the time in which ports can be scanned. */
    static final Limits DEFAULT = new Limits(4_000, Duration.ofSeconds(10), 4);
  }

  /**
   * Creates a resolver, which opens nothing yet.
   *
   * @param lane the lane it is confined to, one of {@code loops}
   * @param template what to ask, and how; neither channels nor a loop
   * @param maxInFlight maximum number of lookups in flight; the caller enforces it. Each has at
   *     most two queries in flight, one per address family, hence that many TCP connections
   */
  RotatingResolver(
      EventLoops loops,
      Lane lane,
      DnsNameResolverBuilder template,
      int maxInFlight,
      Limits limits) {
    this.loops = loops;
    this.lane = lane;
    this.template = template;
    this.maxTcp = 2 * maxInFlight;
    this.limits = limits;
  }

  /**
   * Looks a name up.
   *
   * @param addresses completed with the result, unless the caller cancels it; answers that arrive
   *     after that are ignored
   */
  void resolveAll(String host, Promise<List<InetAddress>> addresses) {
    Shared socket = socket();
    socket.begin(addresses);
    var _ = socket.resolver.resolveAll(host, addresses);
  }

  /** Asks for the root's name servers, which every name server knows (RFC 1034, 5.3.3). */
  Future<?> askForRoot() {
    Shared socket = socket();
    var answer = socket.resolver.query(new DefaultDnsQuestion(".", DnsRecordType.NS));
    socket.begin(answer);
    return answer.addListener(
        (Future<AddressedEnvelope<DnsResponse, InetSocketAddress>> asked) -> {
          if (asked.isSuccess()) {
            asked.getNow().release();
          }
        });
  }

  /** Number of TCP connections so far, for {@link #anyUnheardSince}. */
  long streams() {
    return streams;
  }

  /**
   * Whether no answer has come over a TCP connection after the given number of them, so that a
   * truncated answer may have stood for the whole one. The library does not report that it had to
   * use a truncated answer.
   */
  boolean anyUnheardSince(long streamsBefore) {
    return unheard > streamsBefore || (!awaited.isEmpty() && awaited.last() > streamsBefore);
  }

  private Shared socket() {
    Shared socket = current;
    if (socket != null && socket.lookUps >= limits.lookUps) {
      retire(socket);
    }
    if (current == null) {
      current = new Shared();
      open.add(current);
      lane.sweep().watch(age);
    }
    return current;
  }

  /** Lets no lookup begin on a socket, unless too many others are still needed. */
  private void retire(Shared socket) {
    if (socket == current && open.size() < limits.sockets) {
      abandon(socket);
    }
  }

  private void abandon(Shared socket) {
    if (socket == current) {
      current = null;
      lane.sweep().letGo(age);
    }
    socket.closeIfUnused();
  }

  /** Closes all sockets. Lookups in flight fail or stay without an answer. */
  @Override
  public void close() {
    current = null;
    lane.sweep().letGo(age);
    for (Shared socket : open.toArray(new Shared[0])) {
      socket.close();
    }
  }

  /** The end of the current socket's time. */
  private final class Age implements DeadlineSweep.Timed {
    @Override
    public long deadlineNanos() {
      Shared socket = current;
      return socket == null ? lane.nanoTime() : socket.retireAtNanos;
    }

    @Override
    public void expire() {
      Shared socket = current;
      if (socket != null) {
        socket.retireAtNanos = lane.nanoTime() + limits.age.toNanos(); // if it is kept
        retire(socket);
      }
    }
  }

  /** Notes that something came over a TCP connection. */
  private final class FirstRead extends ChannelInboundHandlerAdapter {
    private final long number;

    FirstRead(long number) {
      this.number = number;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      awaited.remove(number);
      context.pipeline().remove(this);
      context.fireChannelRead(message);
    }
  }

  /** A UDP socket with its resolver. */
  private final class Shared {
    private final DnsNameResolver resolver;

    /** The UDP socket and those of truncated answers, as long as they are open. */
    private final Set<Channel> channels = new HashSet<>();

    private @Nullable Channel datagrams;
    private int lookUps;
    private int inFlight;
    private long retireAtNanos = lane.nanoTime() + limits.age.toNanos();

    Shared() {
      resolver =
          template
              .copy()
              .eventLoop(lane.loop())
              .datagramChannelStrategy(DnsNameResolverChannelStrategy.ChannelPerResolver)
              .maxPayloadSize(MAX_DATAGRAM_BYTES)
              .datagramChannelFactory(this::newDatagramChannel)
              .socketChannelFactory(this::newSocketChannel)
              .build();
    }

    private DatagramChannel newDatagramChannel() {
      DatagramChannel channel = own(loops.newDatagramChannel());
      channel.config().setReceiveBufferSize(RECEIVE_BUFFER_BYTES);
      channel.closeFuture().addListener(_ -> abandon(this));
      datagrams = channel;
      return channel;
    }

    private SocketChannel newSocketChannel() {
      long number = ++streams;
      boolean opened = false;
      try {
        if (tcp >= maxTcp) {
          throw new IllegalStateException("too many truncated answers");
        }
        SocketChannel channel = own(loops.newSocketChannel());
        opened = true;
        tcp++;
        awaited.add(number);
        channel.pipeline().addFirst(new FirstRead(number));
        channel.closeFuture().addListener(_ -> closed(number));
        return channel;
      } finally {
        if (!opened) {
          unheard = number;
        }
      }
    }

    private void closed(long number) {
      tcp--;
      if (awaited.remove(number)) {
        unheard = Math.max(unheard, number);
      }
    }

    private <C extends Channel> C own(C channel) {
      loops.enter(channel, ResourceKind.DNS, "fetcher.dns");
      channels.add(channel);
      channel.closeFuture().addListener(_ -> channels.remove(channel));
      return channel;
    }

    void begin(Future<?> lookUp) {
      lookUps++;
      inFlight++;
      lookUp.addListener(
          _ -> {
            inFlight--;
            if (datagrams == null || !datagrams.isOpen()) {
              abandon(this); // the library would report the same failure for every lookup
            } else {
              closeIfUnused();
            }
          });
    }

    void closeIfUnused() {
      if (this != current && inFlight == 0) {
        close();
      }
    }

    void close() {
      if (open.remove(this)) {
        // The library's close() fails if the socket could not be opened, and leaves TCP alone.
        for (Channel channel : channels.toArray(new Channel[0])) {
          var _ = channel.close();
        }
      }
    }
  }
}
