package io.sluice.fetcher.loop;

import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.channel.unix.UnixChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.EventExecutor;
import io.sluice.core.lifecycle.RunningTime;
import io.sluice.core.resource.Ledger;
import io.sluice.core.resource.ResourceKind;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/**
 * The fetcher's event loops, which use epoll if the system has it, and NIO otherwise. Each has
 * ledger entries for its thread, its poller and its share of the buffers.
 *
 * <p>Thread-safe: immutable, apart from closing.
 */
public final class EventLoops implements AutoCloseable {
  private static final String OWNER = "fetcher.loop";
  private static final long CLOSE_SECONDS = 5;
  private static final List<ResourceKind> LOOP =
      List.of(ResourceKind.THREAD, ResourceKind.EPOLL, ResourceKind.BUFFER);

  private final MultiThreadIoEventLoopGroup group;
  private final List<Lane> lanes = new ArrayList<>();
  private final List<Ledger.Entry> entries = new ArrayList<>();
  private final Aside aside;
  private final boolean epoll;
  private final Ledger ledger;

  private EventLoops(int threads, boolean epoll, Ledger ledger) {
    this.epoll = epoll;
    this.ledger = ledger;
    this.aside = new Aside(threads, ledger);
    IoHandlerFactory handlers = epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
    this.group =
        new MultiThreadIoEventLoopGroup(
            threads, new DefaultThreadFactory("fetcher-loop", true), handlers);
    RunningTime time = RunningTime.watchedAlways(); // by the sweeps, while there are deadlines
    for (EventExecutor executor : group) {
      EventLoop loop = (EventLoop) executor;
      lanes.add(new Lane(lanes.size(), loop, new DeadlineSweep(loop, time, ledger)));
      for (ResourceKind kind : LOOP) {
        entries.add(ledger.enter(kind, OWNER));
      }
    }
  }

  /**
   * Opens the loops.
   *
   * @param threads number of loops, at least 1
   * @param ledger records the loops and their channels; borrowed
   */
  public static EventLoops open(int threads, Ledger ledger) {
    return new EventLoops(threads, Epoll.isAvailable(), ledger);
  }

  /** The lanes, one for each loop. */
  public List<Lane> lanes() {
    return Collections.unmodifiableList(lanes);
  }

  /** The lane that the given host is confined to. */
  public Lane laneOf(String host) {
    int hash = host.hashCode();
    return lanes.get(Math.floorMod(hash ^ (hash >>> 16), lanes.size()));
  }

  /** The executor for tasks that would block a loop. */
  public Executor aside() {
    return aside;
  }

  /** A TCP channel of the loops' transport, not yet registered. */
  public SocketChannel newSocketChannel() {
    return epoll ? new EpollSocketChannel() : new NioSocketChannel();
  }

  /** A UDP channel of the loops' transport, not yet registered. */
  public DatagramChannel newDatagramChannel() {
    return epoll ? new EpollDatagramChannel() : new NioDatagramChannel();
  }

  /** Enters a channel in the ledger, and strikes the entry when the channel closes. */
  public void enter(Channel channel, ResourceKind kind, String owner) {
    int descriptor =
        channel instanceof UnixChannel unix ? unix.fd().intValue() : Ledger.NO_DESCRIPTOR;
    Ledger.Entry entry = ledger.enter(kind, owner, descriptor);
    channel.closeFuture().addListener(_ -> entry.close());
  }

  /**
   * Ends the loops at once and waits at most six seconds for their threads. Close the channels
   * first.
   */
  @Override
  public void close() {
    aside.close();
    boolean ended =
        group
            .shutdownGracefully(0, CLOSE_SECONDS, TimeUnit.SECONDS)
            .awaitUninterruptibly(CLOSE_SECONDS, TimeUnit.SECONDS);
    if (ended) {
      lanes.forEach(lane -> lane.sweep().loopEnded());
      entries.forEach(Ledger.Entry::close);
    }
  }
}
