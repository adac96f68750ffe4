package io.sluice.fetcher.http;

import io.netty.channel.ChannelException;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ConnectTimeoutException;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.ssl.SslHandler;
import io.sluice.core.resource.ResourceKind;
import io.sluice.fetcher.dns.LookUp;
import io.sluice.fetcher.loop.DescriptorShortage;
import io.sluice.fetcher.reason.Reason;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.Queue;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * The making of one connection for one exchange: look the host up, strike the addresses that the
 * guard refuses, connect to the first of the rest that may be asked now and answers, shake hands if
 * the origin is secure. It ends once: connected, failed or abandoned.
 *
 * <p>Confined to its pool's event loop. Owns its channel until a connection takes it over.
 */
final class Dial {
  /** Addresses of a host that are tried at most. */
  private static final int MAX_ADDRESSES = 3;

  /** How long a dial without a descriptor waits before it asks for one again. */
  private static final long SHORTAGE_MILLIS = 500;

  /** How often it asks; then the request is put off, and its lease may come again. */
  private static final int SHORTAGE_ATTEMPTS = 10;

  private final ConnectionPool pool;
  private final Exchange exchange;
  private final Queue<InetAddress> addresses = new ArrayDeque<>();

  /** How often there was no descriptor so far. */
  private int refusals;

  private @Nullable InetAddress address;
  private @Nullable SocketChannel channel;
  private boolean ended;

  Dial(ConnectionPool pool, Exchange exchange) {
    this.pool = pool;
    this.exchange = exchange;
  }

  /** The address that is being tried; null before there is one. */
  @Nullable String ip() {
    return address == null ? null : address.getHostAddress();
  }

  void start() {
    var _ = pool.resolver().lookUp(exchange.origin.host()).thenAccept(this::resolved);
  }

  private void resolved(LookUp lookUp) {
    if (ended) {
      return;
    }
    switch (lookUp) {
      case LookUp.NotFound notFound -> fail(notFound.reason());
      case LookUp.NoSocket _ -> waitForDescriptor(this::start);
      case LookUp.Found found -> {
        found.addresses().stream()
            .filter(pool.guard()::allows)
            .limit(MAX_ADDRESSES)
            .forEach(addresses::add);
        if (addresses.isEmpty()) {
          end();
          exchange.end(new HttpReply.Refused(Reason.ADDRESS_FORBIDDEN));
        } else {
          begin();
        }
      }
    }
  }

  private void begin() {
    if (!connectNext()) {
      end();
      exchange.end(new HttpReply.Busy());
    }
  }

  /** Tries the next address that may be asked now; whether there is one. */
  private boolean connectNext() {
    InetAddress next = addresses.poll();
    while (next != null && !exchange.request.mayAsk().test(next)) {
      next = addresses.poll();
    }
    if (next == null) {
      return false;
    }
    address = next;
    connect(next);
    return true;
  }

  private void connect(InetAddress next) {
    try {
      SocketChannel opened = pool.openChannel(kind());
      channel = opened;
      opened
          .connect(new InetSocketAddress(next, exchange.origin.port()))
          .addListener((ChannelFuture connected) -> connected(opened, next, connected.cause()));
    } catch (ChannelException e) {
      if (DescriptorShortage.isMeant(e)) {
        waitForDescriptor(() -> connect(next));
      } else {
        fail(Reason.CONNECT_FAILED);
      }
    }
  }

  /** Nobody is to blame for a shortage, so it is no failure: the dial waits, then is put off. */
  private void waitForDescriptor(Runnable again) {
    pool.shortage().met();
    if (++refusals > SHORTAGE_ATTEMPTS) {
      end();
      exchange.end(new HttpReply.Busy());
      return;
    }
    pool.later(
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

  private void connected(SocketChannel opened, InetAddress to, @Nullable Throwable failure) {
    if (ended) {
      return;
    }
    if (failure != null) {
      var _ = opened.close();
      if (!connectNext()) {
        fail(reasonOf(failure));
      }
    } else if (exchange.origin.secure()) {
      shakeHands(opened, to);
    } else {
      succeed(opened, to);
    }
  }

  private static Reason reasonOf(Throwable failure) {
    return switch (failure) {
      case ConnectTimeoutException _ -> Reason.CONNECT_TIMEOUT;
      case ConnectException _ -> Reason.CONNECT_REFUSED;
      default -> Reason.CONNECT_FAILED;
    };
  }

  private void shakeHands(SocketChannel opened, InetAddress to) {
    try {
      SslHandler tls = pool.tls().handler(opened, exchange.origin);
      HandshakeErrors errors = new HandshakeErrors();
      opened.pipeline().addLast(tls, errors);
      tls.handshakeFuture()
          .addListener(
              shaken -> {
                if (ended) {
                  return;
                }
                if (shaken.isSuccess()) {
                  opened.pipeline().remove(errors);
                  succeed(opened, to);
                } else {
                  fail(Tls.reasonOf(shaken.cause()));
                }
              });
    } catch (SSLException e) {
      fail(Reason.TLS_FAILED);
    }
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

  /** The exchange has ended otherwise. */
  void abandon() {
    end();
  }

  private void end() {
    if (!ended) {
      ended = true;
      if (channel != null) {
        var _ = channel.close();
      }
      pool.dialEnded(exchange.origin);
    }
  }

  /** Keeps a failed handshake, which its future reports, from being logged as nobody's. */
  private static final class HandshakeErrors extends ChannelInboundHandlerAdapter {
    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      var _ = ctx.close();
    }
  }
}
