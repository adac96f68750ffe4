package io.sluice.fetcher.http;

import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpResponseDecoder;
import io.netty.util.AsciiString;
import io.netty.util.ReferenceCountUtil;

/**
 * Netty's strict response decoder, and stricter: a response with both lengths is refused, or with
 * blanks behind the name of a field that tells the length, and bytes that nobody asked for close
 * the connection before they are looked at. Lengths that are stated twice are taken for one where
 * they agree, and refused where they don't (RFC 9112, 6.3).
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
    throw new AmbiguousFraming("both Content-Length and Transfer-Encoding");
  }

  /**
   * {@inheritDoc}
   *
   * <p>Netty ends the name at a blank too, and skips what is between that and the colon.
   */
  @Override
  protected AsciiString splitHeaderName(byte[] line, int start, int length) {
    AsciiString name = super.splitHeaderName(line, start, length);
    int end = start + length;
    if (end < line.length && line[end] != ':' && tellsLength(name)) {
      throw new AmbiguousFraming("blanks before the colon of " + name);
    }
    return name;
  }

  private static boolean tellsLength(AsciiString name) {
    return HttpHeaderNames.CONTENT_LENGTH.contentEqualsIgnoreCase(name)
        || HttpHeaderNames.TRANSFER_ENCODING.contentEqualsIgnoreCase(name);
  }

  /** Whether bytes beyond the last response have arrived. */
  boolean holdsMore() {
    return actualReadableBytes() > 0;
  }

  /** Others may see the response end elsewhere (RFC 9112, 5.1 and 6.3). */
  static final class AmbiguousFraming extends IllegalArgumentException {
    AmbiguousFraming(String doubt) {
      super(doubt);
    }
  }
}
