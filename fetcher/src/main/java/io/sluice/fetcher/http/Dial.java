package io.sluice.fetcher.http;

import io.netty.channel.ChannelException;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ConnectTimeoutException;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.sluice.core.lease.Reason;
import io.sluice.core.resource.ResourceKind;
import io.sluice.fetcher.dns.LookUp;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens one connection for one exchange. It looks up the host, drops the addresses that the guard
 * refuses, waits for a connection place, lets the remaining addresses race ({@link AddressRace}),
 * and performs the TLS handshake if the origin is secure. It ends once: connected, failed or
 * abandoned.
 *
 * <p>Confined to its pool's event loop. Owns its channel until a connection takes it over.
 */
final class Dial {
  private static final Logger log = LoggerFactory.getLogger(Dial.class);

  /** The system's message for "no route" (ENETUNREACH); the client reports it only as text. */
  private static final String NO_NETWORK = "Network is unreachable";

  /** How long a dial waits before it tries again to get a file descriptor. */
  private static final long SHORTAGE_MILLIS = 500;

  /** How often it tries before the request is deferred and its lease issued again. */
  private static final int SHORTAGE_ATTEMPTS = 10;

  private final ConnectionPool pool;
  private final LaneContext context;
  private final Exchange exchange;

  /** How often no file descriptor has been available so far. */
  private int refusals;

  private @Nullable AddressRace race;

  private @Nullable InetAddress address;
  private @Nullable SocketChannel channel;
  private boolean ended;

  /** The addresses that may be connected to, once they are known. */
  private List<InetAddress> allowed = List.of();

  /** Whether this dial holds a connection place, which it passes on or returns. */
  private boolean placed;

  /** When the current phase of the dial began, if its duration is charged to the host. */
  private long sinceNanos;

  Dial(ConnectionPool pool, Exchange exchange) {
    this.pool = pool;
    this.context = pool.context();
    this.exchange = exchange;
  }

  /** The address that is being connected to, or was tried last; null before the first. */
  @Nullable String ip() {
    return address == null ? null : address.getHostAddress();
  }

  void start() {
    if (exchange.origin.secure()) {
      var _ = context.tls().ready(); // prepares TLS during the lookup
    }
    partBegins();
    HostTerms terms = exchange.request.terms();
    var _ =
        context
            .resolver()
            .lookUp(
                exchange.origin.host(),
                terms.ignoreNegative(),
                terms.kind(),
                exchange.firstByteNanos(),
                this::partBegins)
            .thenAccept(this::resolved);
  }

  private void resolved(LookUp lookUp) {
    if (ended) {
      return;
    }
    spendTime();
    switch (lookUp) {
      case LookUp.NotFound notFound -> fail(notFound.reason());
      case LookUp.NoSocket _ -> waitForDescriptor(this::start);
      case LookUp.NotAsked _ -> {
        end();
        exchange.end(new HttpReply.Busy());
      }
      case LookUp.Found found -> {
        Origin origin = exchange.origin;
        allowed =
            found.addresses().stream()
                .filter(to -> context.guard().allows(origin.host(), origin.port(), to))
                .toList();
        if (allowed.isEmpty()) {
          end();
          exchange.end(new HttpReply.Refused(Reason.ADDRESS_FORBIDDEN));
        } else {
          pool.place(this);
        }
      }
    }
  }

  private void partBegins() {
    sinceNanos = context.nanoTime();
  }

  /** Charges the host for the time since the current phase began. */
  private void spendTime() {
    exchange.spend(context.nanoTime() - sinceNanos);
  }

  /** Whether this dial holds a connection place. */
  boolean placed() {
    return placed;
  }

  /** Accepts a connection place, and connects. */
  void takePlace() {
    placed = true;
    race();
  }

  private void race() {
    sinceNanos = context.nanoTime();
    List<InetAddress> order = context.deadAddresses().inOrder(allowed, sinceNanos);
    long budgetMillis =
        Math.min(
            context.bounds().connectMillis(), ConnectionPool.millis(exchange.firstByteNanos()));
    Track track = new Track();
    track.race = new AddressRace(order, budgetMillis, track, track);
    race = track.race;
    track.race.start();
  }

  /**
   * Waits for a file descriptor. A shortage is not the host's fault, so the request does not fail:
   * it is deferred in the end.
   */
  private void waitForDescriptor(Runnable again) {
    context.shortage().met();
    if (++refusals > SHORTAGE_ATTEMPTS) {
      end();
      exchange.end(new HttpReply.Busy());
      return;
    }
    context.later(
        SHORTAGE_MILLIS,
        () -> {
          if (!ended) {
            again.run();
          }
        });
  }

  private ResourceKind kind() {
    return exchange.origin.secure() ? ResourceKind.HTTPS : ResourceKind.HTTP;
  }

  private void proceed(SocketChannel opened, InetAddress to) {
    address = to;
    channel = opened;
    if (exchange.origin.secure()) {
      var _ =
          context
              .tls()
              .ready()
              .whenComplete(
                  (tls, unusable) -> context.onLane(() -> shakeHands(opened, to, tls, unusable)));
    } else {
      succeed(opened, to);
    }
  }

  private static Reason reasonOf(Throwable failure) {
    String message = failure.getMessage();
    if (message != null && message.contains(NO_NETWORK)) {
      return Reason.NETWORK_UNREACHABLE;
    }
    return switch (failure) {
      case ConnectTimeoutException _ -> Reason.CONNECT_TIMEOUT;
      case ConnectException _ -> Reason.CONNECT_REFUSED;
      default -> Reason.CONNECT_FAILED;
    };
  }

  private void shakeHands(
      SocketChannel opened,
      InetAddress to,
      @Nullable SslContext ready,
      @Nullable Throwable unusable) {
    if (ended) {
      return;
    }
    if (ready == null) {
      log.debug("TLS is not usable", unusable);
      fail(Reason.TLS_FAILED);
      return;
    }
    sinceNanos = context.nanoTime();
    SslHandler tls = context.tls().handler(ready, opened, exchange.origin);
    long left = ConnectionPool.millis(exchange.firstByteNanos());
    tls.setHandshakeTimeoutMillis(Math.min(tls.getHandshakeTimeoutMillis(), left));
    HandshakeErrors errors = new HandshakeErrors();
    opened.pipeline().addLast(tls, errors);
    tls.handshakeFuture()
        .addListener(
            shaken -> {
              if (ended) {
                return;
              }
              spendTime();
              if (shaken.isSuccess()) {
                opened.pipeline().remove(errors);
                succeed(opened, to);
              } else {
                fail(Tls.reasonOf(shaken.cause()));
              }
            });
    opened.config().setAutoRead(true);
  }

  private void succeed(SocketChannel opened, InetAddress to) {
    ended = true;
    channel = null;
    pool.connected(exchange, new HttpConnection(pool, exchange.origin, to, opened));
  }

  private void fail(Reason reason) {
    end();
    exchange.fail(reason);
  }

  /** Ends the dial because its exchange has ended for another reason. */
  void abandon() {
    end();
  }

  private void end() {
    if (!ended) {
      ended = true;
      if (race != null) {
        race.abandon();
      }
      if (channel != null) {
        var _ = channel.close();
      }
      pool.dialEnded(this, exchange.origin);
    }
  }

  /** A channel whose connection is being made. */
  private record Connecting(SocketChannel channel) implements AddressRace.Attempt {
    @Override
    public void close() {
      var _ = channel.close();
    }
  }

  /** The environment of this dial's race, and the handling of its result. */
  private final class Track implements AddressRace.Course, AddressRace.Finish {
    private @Nullable AddressRace race;

    @Override
    public long nanoTime() {
      return context.nanoTime();
    }

    @Override
    public AddressRace.@Nullable Attempt begin(InetAddress to, long millis) {
      address = to;
      SocketChannel opened;
      try {
        opened = context.openChannel(kind());
      } catch (ChannelException e) {
        log.debug("no channel for an attempt to connect", e);
        return null;
      }
      // Bytes that arrive before the TLS handler is in place would be dropped.
      opened.config().setAutoRead(!exchange.origin.secure());
      opened.config().setConnectTimeoutMillis(Math.toIntExact(millis));
      Connecting attempt = new Connecting(opened);
      opened
          .connect(new InetSocketAddress(to, exchange.origin.port()))
          .addListener(
              (ChannelFuture connected) -> context.next(() -> report(attempt, connected.cause())));
      return attempt;
    }

    private void report(Connecting attempt, @Nullable Throwable failure) {
      AddressRace running = race;
      if (running == null) {
        return;
      }
      if (failure == null) {
        running.connected(attempt);
      } else {
        running.failed(attempt, reasonOf(failure));
      }
    }

    @Override
    public boolean takePlace() {
      return pool.takeExtraPlace();
    }

    @Override
    public void givePlace() {
      pool.giveExtraPlace();
    }

    @Override
    public boolean mayAsk(InetAddress to) {
      return exchange.request.leave().mayAsk(to);
    }

    @Override
    public void later(long millis, Runnable what) {
      context.later(millis, what);
    }

    @Override
    public void isDead(InetAddress dead) {
      context.deadAddresses().add(dead, context.nanoTime());
    }

    @Override
    public void won(AddressRace.Attempt attempt, InetAddress to) {
      race = null;
      Dial.this.race = null;
      context.deadAddresses().remove(to);
      spendTime();
      proceed(((Connecting) attempt).channel(), to);
    }

    @Override
    public void busy() {
      end();
      exchange.end(new HttpReply.Busy());
    }

    @Override
    public void noDescriptor() {
      waitForDescriptor(Dial.this::race);
    }

    @Override
    public void lost(Reason reason) {
      fail(reason);
    }
  }

  /**
   * Keeps a failed handshake, which the handshake's future reports, from being logged as unhandled.
   */
  private static final class HandshakeErrors extends ChannelInboundHandlerAdapter {
    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      var _ = ctx.close();
    }
  }
}
