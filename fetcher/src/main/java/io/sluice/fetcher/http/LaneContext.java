package io.sluice.fetcher.http;

import io.netty.channel.ChannelException;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.SocketChannel;
import io.sluice.core.resource.ResourceKind;
import io.sluice.fetcher.dns.NameResolver;
import io.sluice.fetcher.guard.AddressGuard;
import io.sluice.fetcher.loop.DescriptorShortage;
import io.sluice.fetcher.loop.EventLoops;
import io.sluice.fetcher.loop.Lane;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The context shared by the connections, dials and exchanges of one lane: the lane, its clocks, and
 * the client's bounds, budgets and meters. Everything is borrowed.
 *
 * <p>Immutable; {@link #onLane} and {@link #next} may be called on any thread, the rest only on the
 * lane.
 *
 * @param deadAddresses addresses of this lane that recently did not answer
 * @param clock the time of day
 */
record LaneContext(
    EventLoops loops,
    Lane lane,
    NameResolver resolver,
    AddressGuard guard,
    Tls tls,
    HttpBounds bounds,
    BodyBudget bodies,
    HttpMetrics metrics,
    DescriptorShortage shortage,
    DeadAddresses deadAddresses,
    InstantSource clock) {

  private static final Logger log = LoggerFactory.getLogger(LaneContext.class);
  private static final String OWNER = "fetcher.http";

  /** The time of day. */
  Instant now() {
    return clock.instant();
  }

  /** The time on the clock that deadlines use, in nanoseconds. */
  long nanoTime() {
    return lane.nanoTime();
  }

  /** Runs a task on the lane; immediately if the caller is on the lane. */
  void onLane(Runnable what) {
    if (lane.loop().inEventLoop()) {
      what.run();
    } else {
      next(what);
    }
  }

  /** Runs a task on the lane after the current one. */
  void next(Runnable what) {
    try {
      lane.loop().execute(what);
    } catch (RejectedExecutionException e) {
      log.debug("the event loop has ended, so this task is dropped", e);
    }
  }

  /** Runs a task on the lane after a delay. */
  void later(long millis, Runnable what) {
    var _ = lane.loop().schedule(what, millis, TimeUnit.MILLISECONDS);
  }

  /**
   * Opens a channel for a dial, which owns it, and enters it in the ledger.
   *
   * @throws ChannelException if the system has no socket to give
   */
  SocketChannel openChannel(ResourceKind kind) {
    SocketChannel channel = loops.newSocketChannel();
    channel.config().setOption(ChannelOption.TCP_NODELAY, true);
    ChannelFuture registered = lane.loop().register(channel);
    if (registered.cause() != null) {
      throw new ChannelException(registered.cause());
    }
    loops.enter(channel, kind, OWNER);
    return channel;
  }
}
