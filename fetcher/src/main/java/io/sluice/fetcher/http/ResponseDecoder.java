package io.sluice.fetcher.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.util.ReferenceCountUtil;
import io.sluice.core.lease.Reason;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Splits a server's bytes into a {@link ResponseHead}, the slices of its content, and {@link #END},
 * or produces the {@link Reason} for refusing them and then nothing more. Heads are read leniently,
 * but where a body ends is decided strictly: see {@link Framing}. Bytes that arrive without a
 * request are not read, and the connection closes.
 *
 * <p>Confined to its channel's event loop. Releases the buffers that it does not pass on.
 */
final class ResponseDecoder extends ByteToMessageDecoder {
  /** Marks the end of a complete response. */
  static final Object END = new Object();

  private static final byte[] START = "HTTP/".getBytes(StandardCharsets.US_ASCII);

  private final HttpConnection connection;
  private final int maxHeaderBytes;

  /**
   * How far the head being gathered has been searched for line ends. {@link #lineStart} is where
   * its last line starts.
   */
  private int searched;

  private int lineStart;

  /** How the body is framed; null while a head is gathered. */
  private @Nullable Framing framing;

  /** Number of bytes of a body of known length that have not arrived yet. */
  private long left;

  private @Nullable ChunkedBody chunks;

  /** Whether every implementation would agree on where the last response ended. */
  private boolean certain;

  /** Whether a head of this response, interim ones included, breaks the rules. */
  private boolean doubted;

  /** Bytes of empty lines before the head, which count towards its size. */
  private int skipped;

  /** Whether the decoder has reported a reason; anything that arrives afterwards is dropped. */
  private boolean failed;

  ResponseDecoder(HttpConnection connection, int maxHeaderBytes) {
    this.connection = connection;
    this.maxHeaderBytes = maxHeaderBytes;
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object bytes) throws Exception {
    if (connection.expectsBytes()) {
      connection.bytesArrived(bytes instanceof ByteBuf read ? read.readableBytes() : 0);
      super.channelRead(ctx, bytes);
    } else {
      ReferenceCountUtil.release(bytes);
      var _ = ctx.close();
    }
  }

  @Override
  protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
    switch (framing) {
      case null -> gatherHead(in, out);
      case Framing.Length _ -> readLength(in, out);
      case Framing.Chunked _ -> readChunks(in, out);
      case Framing.ToTheEnd _ -> out.add(in.readRetainedSlice(in.readableBytes()));
      case Framing.Empty _, Framing.Refused _ ->
          throw new IllegalStateException("bytes follow a response that has no body");
    }
  }

  @Override
  protected void decodeLast(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
    if (in.isReadable()) {
      decode(ctx, in, out);
    }
    boolean contentIsWhole = chunks != null && chunks.state() == ChunkedBody.State.TRAILERS;
    if (framing instanceof Framing.ToTheEnd || (framing != null && contentIsWhole)) {
      certain = false;
      end(out);
    }
  }

  private void gatherHead(ByteBuf in, List<Object> out) {
    if (failed) {
      in.skipBytes(in.readableBytes());
      return;
    }
    int end = headEnd(in);
    int length = skipped + (end < 0 ? in.readableBytes() : end);
    if (!startsLikeHttp(in)) {
      fail(Reason.BAD_RESPONSE, in, out);
    } else if (length > maxHeaderBytes) {
      fail(Reason.HEADERS_TOO_LARGE, in, out);
    } else if (end >= 0) {
      searched = 0;
      lineStart = 0;
      begin(ResponseHead.parse(in.readString(end, StandardCharsets.ISO_8859_1)), in, out);
    }
  }

  /**
   * The length of the head, from its status line to the empty line; -1 until that has arrived.
   * Empty lines before the status line are skipped (RFC 9112, 2.2).
   */
  private int headEnd(ByteBuf in) {
    while (true) {
      int start = in.readerIndex();
      int lf = in.indexOf(start + searched, in.writerIndex(), (byte) '\n');
      if (lf < 0) {
        searched = in.readableBytes();
        return -1;
      }
      int length = lf - start - lineStart;
      boolean empty = length == 0 || (length == 1 && in.getByte(lf - 1) == '\r');
      if (empty && lineStart > 0) {
        return lf + 1 - start;
      }
      if (empty) {
        in.readerIndex(lf + 1);
        skipped += lf + 1 - start;
      }
      searched = empty ? 0 : lf + 1 - start;
      lineStart = searched;
    }
  }

  private static boolean startsLikeHttp(ByteBuf in) {
    for (int i = 0; i < Math.min(START.length, in.readableBytes()); i++) {
      byte next = in.getByte(in.readerIndex() + i);
      if (next != START[i] && !(i == 0 && next == '\r')) { // CR may begin an empty line
        return false;
      }
    }
    return true;
  }

  private void begin(@Nullable ResponseHead head, ByteBuf in, List<Object> out) {
    // 101 answers a request to switch protocols, which we never make.
    if (head == null || head.status() == 101) {
      fail(Reason.BAD_RESPONSE, in, out);
      return;
    }
    Framing decided = Framing.of(head);
    if (decided instanceof Framing.Refused(Reason reason)) {
      fail(reason, in, out);
      return;
    }
    out.add(head);
    doubted |= head.doubtful();
    if (head.interim()) {
      return;
    }
    framing = decided;
    certain = decided.certain() && !doubted;
    doubted = false;
    skipped = 0;
    left = decided instanceof Framing.Length(long bytes, boolean _) ? bytes : 0;
    chunks = decided instanceof Framing.Chunked ? new ChunkedBody(maxHeaderBytes) : null;
    if (chunks == null && left == 0 && !(decided instanceof Framing.ToTheEnd)) {
      end(out);
    }
  }

  private void readLength(ByteBuf in, List<Object> out) {
    int count = (int) Math.min(left, in.readableBytes());
    out.add(in.readRetainedSlice(count));
    left -= count;
    if (left == 0) {
      end(out);
    }
  }

  private void readChunks(ByteBuf in, List<Object> out) {
    ChunkedBody reading = chunks;
    if (reading != null) {
      switch (reading.read(in, out)) {
        case ENDED -> {
          certain &= !reading.doubtful();
          end(out);
        }
        case BROKEN -> fail(Reason.BAD_RESPONSE, in, out);
        case SIZE, DATA, DATA_END, TRAILERS -> {}
      }
    }
  }

  private void end(List<Object> out) {
    framing = null;
    out.add(END);
  }

  private void fail(Reason reason, ByteBuf in, List<Object> out) {
    in.skipBytes(in.readableBytes());
    failed = true;
    framing = null;
    out.add(reason);
  }

  /** The body length that the last head announces; -1 if it announces none. */
  long announcedBytes() {
    return framing instanceof Framing.Length ? left : -1;
  }

  /** Whether the last response has certainly ended although its connection is still open. */
  boolean endedBeyondDoubt() {
    return certain;
  }

  /** Whether bytes beyond the last response have arrived. */
  boolean holdsMore() {
    return actualReadableBytes() > 0;
  }
}
