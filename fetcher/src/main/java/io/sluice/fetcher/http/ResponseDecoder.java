package io.sluice.fetcher.http;

import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpResponseDecoder;
import io.netty.util.ReferenceCountUtil;

/**
 * Netty's strict response decoder, and stricter: a response with both lengths is refused, and bytes
 * that nobody asked for close the connection before they are looked at. Lengths that are stated
 * twice are taken for one where they agree, and refused where they don't (RFC 9112, 6.3).
 *
 * <p>Confined to its channel's event loop. Releases what it does not pass on.
 */
final class ResponseDecoder extends HttpResponseDecoder {
  private static final int MAX_CHUNK_BYTES = 64 * 1024;

  private final HttpConnection connection;

  ResponseDecoder(HttpConnection connection, int maxHeaderBytes) {
    super(
        new HttpDecoderConfig()
            .setMaxInitialLineLength(Math.min(maxHeaderBytes, 8 * 1024))
            .setMaxHeaderSize(maxHeaderBytes)
            .setMaxChunkSize(MAX_CHUNK_BYTES)
            .setAllowDuplicateContentLengths(true)
            .setStrictLineParsing(true)
            .setUseRfc9112TransferEncoding(true));
    this.connection = connection;
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object bytes) throws Exception {
    if (connection.expectsBytes()) {
      connection.bytesArrived();
      super.channelRead(ctx, bytes);
    } else {
      ReferenceCountUtil.release(bytes);
      var _ = ctx.close();
    }
  }

  @Override
  protected void handleTransferEncodingChunkedWithContentLength(HttpMessage message) {
    throw new AmbiguousLength();
  }

  /** Whether bytes beyond the last response have arrived. */
  boolean holdsMore() {
    return actualReadableBytes() > 0;
  }

  /** A response has both Content-Length and Transfer-Encoding (RFC 9112, 6.3). */
  static final class AmbiguousLength extends IllegalArgumentException {
    AmbiguousLength() {
      super("both Content-Length and Transfer-Encoding");
    }
  }
}
