package io.sluice.fetcher.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.PrematureChannelClosureException;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import io.sluice.core.message.Header;
import io.sluice.core.message.PageCodec;
import io.sluice.fetcher.loop.Sweep;
import io.sluice.fetcher.reason.Reason;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * A connection to an origin. It carries one exchange at a time and is otherwise idle; it closes
 * itself when its time of idleness is over, when the host says so, and whenever it is in doubt
 * where a response ended.
 *
 * <p>Confined to its channel's event loop. Releases what the decoder hands it.
 */
final class HttpConnection extends ChannelInboundHandlerAdapter implements Sweep.Timed {
  /** A status line and the empty line, without the reason phrase. */
  private static final long STATUS_LINE_BYTES = 17;

  /** What may have been read already when a connection is held up. */
  private static final long ALREADY_READ_BYTES = 128 << 10;

  /** What a field has beside its name and value. */
  private static final long FIELD_BYTES = 4;

  final Origin origin;

  private final ConnectionPool pool;
  private final Channel channel;
  private final InetAddress address;
  private final ResponseDecoder decoder;

  /** What is on the wire; null while idle, and once closing. */
  private @Nullable Exchange exchange;

  /** Whether an exchange was completed on this connection before. */
  private boolean used;

  /** Bytes of the heads of this exchange, interim ones included. */
  private long headBytes;

  private boolean interim;
  private boolean firstByteSeen;
  private @Nullable HttpResponse head;
  private @Nullable BodyBuffer body;

  /** What the body has of the budget; null while there is no body. */
  private @Nullable BodyMemory memory;

  /** Whether the body claimed memory beyond what is free. */
  private boolean claimed;

  /** Whether it waits for what it claimed; nothing is read meanwhile. */
  private boolean heldUp;

  /** Whether it ever waited. */
  private boolean wasHeldUp;

  /** When the request was sent, the last bytes were read, or idleness began. */
  private long sinceNanos;

  HttpConnection(ConnectionPool pool, Origin origin, InetAddress address, Channel channel) {
    this.pool = pool;
    this.origin = origin;
    this.address = address;
    this.channel = channel;
    this.decoder = new ResponseDecoder(this, pool.bounds().maxHeaderBytes());
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

  /** Sends an exchange's request; the connection must be idle. */
  void send(Exchange next) {
    exchange = next;
    headBytes = 0;
    interim = false;
    firstByteSeen = false;
    head = null;
    body = null;
    claimed = false;
    wasHeldUp = false;
    sinceNanos = System.nanoTime();
    ByteBuf bytes = channel.alloc().buffer(next.head.length() + 4);
    ByteBufUtil.writeAscii(bytes, next.head);
    ByteBufUtil.writeAscii(bytes, "\r\n\r\n");
    var _ = channel.writeAndFlush(bytes, channel.voidPromise());
  }

  /** The exchange has ended otherwise: nothing more is wanted of this connection. */
  void abandon(Exchange ended) {
    if (exchange == ended) {
      exchange = null;
      dropBody();
      close();
    }
  }

  private void dropBody() {
    body = null;
    heldUp = false;
    if (memory != null) {
      memory.release();
      memory = null;
    }
  }

  /** Whether it fails for want of memory: it is held up, or was, and its host did not wait. */
  boolean failsForMemory(Reason reason) {
    return heldUp || (wasHeldUp && reason != Reason.IDLE_TIMEOUT);
  }

  boolean expectsBytes() {
    return exchange != null;
  }

  void bytesArrived() {
    firstByteSeen = true;
    sinceNanos = System.nanoTime();
  }

  long phaseDeadlineNanos() {
    if (heldUp) {
      return System.nanoTime() + pool.bounds().idleNanos(); // the silence is ours
    }
    return sinceNanos
        + (firstByteSeen ? pool.bounds().idleNanos() : pool.bounds().firstByteNanos());
  }

  Reason phaseTimeout() {
    return firstByteSeen ? Reason.IDLE_TIMEOUT : Reason.FIRST_BYTE_TIMEOUT;
  }

  /** Idleness begins now. */
  void rest() {
    sinceNanos = System.nanoTime();
  }

  @Override
  public long deadlineNanos() {
    return sinceNanos + pool.bounds().keepAliveNanos();
  }

  @Override
  public void expire() {
    close();
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    try {
      if (exchange != null && message instanceof HttpResponse next) {
        readHead(exchange, next);
      }
      if (exchange != null && message instanceof HttpContent content) {
        readContent(exchange, content);
      }
    } finally {
      ReferenceCountUtil.release(message);
    }
  }

  private void readHead(Exchange current, HttpResponse next) {
    Reason fault = faultOf(next);
    if (fault != null) {
      current.fail(fault);
      return;
    }
    interim = next.status().code() < 200;
    if (!interim) {
      head = next;
      long announced = HttpUtil.getContentLength(next, -1L);
      long free = pool.bodies().freeBytes();
      body = new BodyBuffer(current.request.maxBodyBytes(), announced, free);
      memory = new BodyMemory(pool.bodies(), this::granted);
    }
  }

  private @Nullable Reason faultOf(HttpResponse next) {
    if (next.decoderResult().isFailure()) {
      return reasonOf(next.decoderResult());
    }
    headBytes += sizeOf(next);
    if (headBytes > pool.bounds().maxHeaderBytes()
        || next.headers().size() > PageCodec.MAX_HEADERS) {
      return Reason.HEADERS_TOO_LARGE;
    }
    int status = next.status().code();
    HttpVersion version = next.protocolVersion();
    boolean http1 = version.equals(HttpVersion.HTTP_1_1) || version.equals(HttpVersion.HTTP_1_0);
    // 101 answers a request to switch protocols, and we never make one.
    if (!http1 || status < 100 || status == 101 || status > 599) {
      return Reason.BAD_RESPONSE;
    }
    List<String> codings = next.headers().getAll(HttpHeaderNames.TRANSFER_ENCODING);
    boolean known =
        codings.isEmpty()
            || (codings.size() == 1
                && HttpHeaderValues.CHUNKED.contentEqualsIgnoreCase(codings.getFirst().strip()));
    return known ? null : Reason.BAD_FRAMING;
  }

  private static long sizeOf(HttpResponse next) {
    long size = STATUS_LINE_BYTES + next.status().reasonPhrase().length();
    var fields = next.headers().iteratorCharSequence();
    while (fields.hasNext()) {
      Map.Entry<CharSequence, CharSequence> field = fields.next();
      size += FIELD_BYTES + field.getKey().length() + field.getValue().length();
    }
    return size;
  }

  private void readContent(Exchange current, HttpContent content) {
    if (content.decoderResult().isFailure()) {
      current.fail(reasonOf(content.decoderResult()));
      return;
    }
    boolean last = content instanceof LastHttpContent;
    if (interim) {
      interim = !last;
      return;
    }
    HttpResponse response = head;
    BodyBuffer gathered = body;
    if (response == null || gathered == null) {
      current.fail(Reason.BAD_RESPONSE);
    } else if (!gathered.append(content.content())) {
      end(current, response, gathered, true);
    } else if (last) {
      end(current, response, gathered, false);
    } else if (heldUp && gathered.size() > pool.bodies().freeBytes() + ALREADY_READ_BYTES) {
      current.end(new HttpReply.HeldUp()); // the server has closed: all that it sent is read now
    } else if (!claimed && gathered.size() > pool.bodies().freeBytes()) {
      claim(gathered);
    }
  }

  /**
   * A body goes beyond what is free: it goes on when there is memory for all that it may become.
   */
  private void claim(BodyBuffer gathered) {
    claimed = true;
    if (memory == null || memory.claim(gathered.expected())) {
      gathered.trust();
    } else {
      heldUp = true;
      wasHeldUp = true;
      pool.heldUp();
      channel.config().setAutoRead(false);
    }
  }

  /** There is memory now. May be called on any thread. */
  private void granted() {
    try {
      channel.eventLoop().execute(this::goOn);
    } catch (RejectedExecutionException e) {
      // The loops have ended, and with them every connection.
    }
  }

  private void goOn() {
    if (heldUp) {
      heldUp = false;
      sinceNanos = System.nanoTime();
      if (body != null) {
        body.trust();
      }
      channel.config().setAutoRead(true);
    }
  }

  private void end(Exchange current, HttpResponse response, BodyBuffer content, boolean cut) {
    exchange = null;
    used = true;
    BodyMemory held = memory == null ? new BodyMemory(pool.bodies(), () -> {}) : memory;
    memory = null;
    body = null;
    held.shrink(content.size());
    boolean reusable =
        !cut
            && !heldUp
            && HttpUtil.isKeepAlive(response)
            && delimited(response)
            && !decoder.holdsMore()
            && channel.isActive();
    if (reusable) {
      pool.release(this);
    } else {
      close();
    }
    current.end(
        new HttpReply.Answered(
            new Response(
                response.protocolVersion().text(),
                response.status().code(),
                response.status().reasonPhrase(),
                fieldsOf(response.headers()),
                content.body(),
                cut,
                current.head,
                ip()),
            held));
  }

  /** Whether the response ends before its connection does. */
  private static boolean delimited(HttpResponse response) {
    int status = response.status().code();
    return status == 204
        || status == 304
        || HttpUtil.isContentLengthSet(response)
        || HttpUtil.isTransferEncodingChunked(response);
  }

  private static List<Header> fieldsOf(HttpHeaders headers) {
    List<Header> fields = new ArrayList<>(headers.size());
    var each = headers.iteratorAsString();
    while (each.hasNext()) {
      Map.Entry<String, String> field = each.next();
      if (!HttpHeaderNames.TRANSFER_ENCODING.contentEqualsIgnoreCase(field.getKey())) {
        fields.add(new Header(field.getKey(), field.getValue()));
      }
    }
    return fields;
  }

  private static Reason reasonOf(DecoderResult result) {
    return switch (result.cause()) {
      case TooLongFrameException _ -> Reason.HEADERS_TOO_LARGE;
      case PrematureChannelClosureException _ -> Reason.CONNECTION_CLOSED;
      case ResponseDecoder.AmbiguousFraming _ -> Reason.BAD_FRAMING;
      default -> Reason.BAD_RESPONSE;
    };
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    lost(cause instanceof DecoderException ? Reason.BAD_RESPONSE : Reason.CONNECTION_RESET);
    close();
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    gone();
  }

  /** The channel has closed, whoever closed it; only the first call counts. */
  void gone() {
    lost(head == null ? Reason.CONNECTION_CLOSED : Reason.BODY_INCOMPLETE);
    pool.closed(this);
  }

  private void lost(Reason reason) {
    Exchange current = exchange;
    if (current == null) {
      return;
    }
    if (used && !firstByteSeen && !current.retried()) {
      exchange = null;
      pool.startOver(current);
    } else {
      current.fail(reason);
    }
  }
}
