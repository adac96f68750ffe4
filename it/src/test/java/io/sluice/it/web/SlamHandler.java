package io.sluice.it.web;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import java.util.concurrent.atomic.AtomicLong;

/** Resets a connection as soon as it is accepted. Confined to its channel's event loop. */
final class SlamHandler extends ChannelInboundHandlerAdapter {

  private final AtomicLong slammed;

  SlamHandler(AtomicLong slammed) {
    this.slammed = slammed;
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    slammed.incrementAndGet();
    var _ = ctx.channel().config().setOption(ChannelOption.SO_LINGER, 0);
    var _ = ctx.close();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    var _ = ctx.close();
  }
}
