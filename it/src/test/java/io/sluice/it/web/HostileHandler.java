package io.sluice.it.web;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.util.concurrent.Future;
import io.sluice.it.web.HostileReply.Then;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Reads requests without a body, one at a time, and answers them according to the plan. A hanging
 * connection ends when the client or the web closes it. Confined to its channel's event loop.
 */
final class HostileHandler extends SimpleChannelInboundHandler<ByteBuf> {

  private static final int DRIP_MILLIS = 100;
  private static final int MAX_REQUEST_CHARS = 16 * 1024;

  private final HostileSite site;
  private final PolitenessOracle oracle;
  private PolitenessOracle.@Nullable Ask ask;
  private final StringBuilder request = new StringBuilder(256);

  HostileHandler(HostileSite site, PolitenessOracle oracle) {
    this.site = site;
    this.oracle = oracle;
  }

  @Override
  protected void channelRead0(ChannelHandlerContext ctx, ByteBuf bytes) {
    PolitenessOracle.Ask current = ask;
    if (current == null) {
      current = oracle.asked(((InetSocketAddress) ctx.channel().localAddress()).getAddress());
      ask = current;
    }
    request.append(bytes.toString(ISO_8859_1));
    if (request.length() > MAX_REQUEST_CHARS) {
      var _ = ctx.close();
      return;
    }
    int end = request.indexOf("\r\n\r\n");
    if (end >= 0) {
      String head = request.substring(0, end);
      request.setLength(0);
      ask = null;
      current.to(host(head));
      HostileReply reply =
          site.answer(host(head), head.substring(head.indexOf(' ') + 1, pathEnd(head)));
      if (reply.then() == Then.KEEP) { // otherwise the client decides when the answer has ended
        current.answers();
      }
      send(ctx, reply);
    }
  }

  private static int pathEnd(String head) {
    return head.indexOf(' ', head.indexOf(' ') + 1);
  }

  private static String host(String head) {
    int name = head.toLowerCase(java.util.Locale.ROOT).indexOf("\r\nhost:");
    int end = head.indexOf("\r\n", name + 2);
    return head.substring(name + "\r\nhost:".length(), end < 0 ? head.length() : end).strip();
  }

  private static void send(ChannelHandlerContext ctx, HostileReply reply) {
    ChannelFuture sent = ctx.writeAndFlush(Unpooled.wrappedBuffer(reply.bytes()));
    switch (reply.then()) {
      case KEEP, HOLD -> {}
      case CLOSE -> sent.addListener(ChannelFutureListener.CLOSE);
      case RESET -> sent.addListener(_ -> reset(ctx));
      case DRIP -> sent.addListener(written -> drip(ctx, written));
      case POUR -> sent.addListener(written -> pour(ctx, reply.tail(), written));
    }
  }

  private static void reset(ChannelHandlerContext ctx) {
    var _ = ctx.channel().config().setOption(ChannelOption.SO_LINGER, 0);
    var _ = ctx.close();
  }

  private static void drip(ChannelHandlerContext ctx, Future<?> before) {
    if (before.isSuccess()) {
      Runnable next =
          () ->
              ctx.writeAndFlush(Unpooled.wrappedBuffer(new byte[] {'.'}))
                  .addListener(written -> drip(ctx, written));
      var _ = ctx.executor().schedule(next, DRIP_MILLIS, TimeUnit.MILLISECONDS);
    }
  }

  /**
   * Sends each piece once the kernel has accepted the previous one, so that pieces do not pile up
   * in memory.
   */
  private static void pour(ChannelHandlerContext ctx, byte[] piece, Future<?> before) {
    if (before.isSuccess()) {
      ctx.executor()
          .execute(
              () ->
                  ctx.writeAndFlush(Unpooled.wrappedBuffer(piece))
                      .addListener(written -> pour(ctx, piece, written)));
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    // the client has closed the connection, as it should after many of these answers
    var _ = ctx.close();
  }
}
