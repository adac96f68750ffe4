package io.sluice.fetcher.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.util.ReferenceCountUtil;
import io.sluice.core.lease.Reason;
import io.sluice.fetcher.loop.DeadlineSweep;
import java.net.InetAddress;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * A connection to an origin. It carries one exchange at a time, whose response it {@linkplain
 * ResponseAssembly assembles}, and is otherwise idle. It closes itself when it has been idle for
 * too long, when the host requests it, and whenever it is uncertain where a response ended.
 *
 * <p>Confined to its channel's event loop. Releases the buffers that the decoder passes to it.
 */
final class HttpConnection extends ChannelInboundHandlerAdapter implements DeadlineSweep.Timed {
  final Origin origin;

  private final ConnectionPool pool;
  private final LaneContext context;
  private final Channel channel;
  private final InetAddress address;
  private final ResponseDecoder decoder;

  /** The response to the request on the wire; null while idle or closing. */
  private @Nullable ResponseAssembly response;

  /** Whether an exchange was completed on this connection before. */
  private boolean used;

  private long idleSinceNanos;

  HttpConnection(ConnectionPool pool, Origin origin, InetAddress address, Channel channel) {
    this.pool = pool;
    this.context = pool.context();
    this.origin = origin;
    this.address = address;
    this.channel = channel;
    this.decoder = new ResponseDecoder(this, context.bounds().maxHeaderBytes());
    channel.pipeline().addLast(decoder, this);
  }

  InetAddress address() {
    return address;
  }

  String ip() {
    return address.getHostAddress();
  }

  boolean open() {
    return channel.isActive();
  }

  void close() {
    var _ = channel.close();
  }

  /**
   * Sends an exchange's request. The connection must be idle.
   *
   * @return the assembly of the response, of which no byte has arrived yet
   */
  ResponseAssembly send(Exchange next) {
    ResponseAssembly awaited = new ResponseAssembly(context, next, ip());
    response = awaited;
    ByteBuf bytes = channel.alloc().buffer(next.head.length() + 4);
    ByteBufUtil.writeAscii(bytes, next.head);
    ByteBufUtil.writeAscii(bytes, "\r\n\r\n");
    var _ = channel.writeAndFlush(bytes, channel.voidPromise());
    return awaited;
  }

  /** Closes the connection, because its exchange has ended before the response did. */
  void abandon(Exchange ended) {
    ResponseAssembly current = response;
    if (current != null && current.exchange == ended) {
      response = null;
      current.drop();
      close();
    }
  }

  boolean expectsBytes() {
    return response != null;
  }

  void bytesArrived(int bytes) {
    if (response != null) {
      response.bytesArrived(bytes);
    }
  }

  /** Becomes idle. */
  void rest() {
    idleSinceNanos = context.nanoTime();
  }

  @Override
  public long deadlineNanos() {
    return idleSinceNanos + context.bounds().keepAliveNanos();
  }

  @Override
  public void expire() {
    close();
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    try {
      ResponseAssembly current = response;
      if (current != null) {
        switch (message) {
          case ResponseHead head -> readHead(current, head);
          case ByteBuf content -> readContent(current, content);
          case Reason reason -> current.exchange.fail(reason);
          default -> end(current, false);
        }
      }
    } finally {
      ReferenceCountUtil.release(message);
    }
  }

  private void readHead(ResponseAssembly current, ResponseHead head) {
    if (!current.begin(head, decoder.announcedBytes(), () -> granted(current))) {
      current.exchange.fail(Reason.HEADERS_TOO_LARGE);
    }
  }

  private void readContent(ResponseAssembly current, ByteBuf content) {
    switch (current.gather(content)) {
      case READ_ON -> {}
      case HOLD_UP -> {
        context.metrics().heldUp();
        channel.config().setAutoRead(false);
      }
      case CUT -> end(current, true);
      case GIVE_UP -> current.exchange.end(new HttpReply.HeldUp());
      case REFUSE -> current.exchange.fail(Reason.BAD_RESPONSE);
    }
  }

  /** Called when a claim for memory was granted. Thread-safe. */
  private void granted(ResponseAssembly to) {
    try {
      channel.eventLoop().execute(() -> goOn(to));
    } catch (RejectedExecutionException e) {
      // The event loops have ended, so all connections are closed.
    }
  }

  private void goOn(ResponseAssembly heldUp) {
    if (heldUp.goOn()) {
      channel.config().setAutoRead(true);
    }
  }

  private void end(ResponseAssembly ended, boolean cut) {
    boolean reusable =
        !cut
            && ended.keepsConnection()
            && decoder.endedBeyondDoubt()
            && !decoder.holdsMore()
            && channel.isActive();
    HttpReply.Answered answer = ended.finish(cut);
    if (answer == null) {
      ended.exchange.fail(Reason.BAD_RESPONSE);
      return;
    }
    response = null;
    used = true;
    if (reusable) {
      pool.release(this);
    } else {
      close();
    }
    ended.exchange.end(answer);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    lost(cause instanceof DecoderException ? Reason.BAD_RESPONSE : Reason.CONNECTION_RESET);
    close();
  }

  /**
   * Ends a body when the host sends close_notify (RFC 9112, 9.8), after which it may keep the
   * connection open.
   */
  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event instanceof SslCloseCompletionEvent) {
      close();
    }
    ctx.fireUserEventTriggered(event);
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    gone();
  }

  /** Called when the channel has been closed by either side; only the first call has an effect. */
  void gone() {
    lost(response == null ? Reason.CONNECTION_CLOSED : response.ifClosed());
    pool.closed(this);
  }

  private void lost(Reason reason) {
    ResponseAssembly current = response;
    if (current == null) {
      return;
    }
    if (used && current.waiting()) {
      pool.stale(origin);
      current.exchange.fail(Reason.STALE_CONNECTION);
    } else {
      current.exchange.fail(reason);
    }
  }
}
