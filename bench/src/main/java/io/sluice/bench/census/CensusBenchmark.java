package io.sluice.bench.census;

import io.netty.channel.Channel;
import io.sluice.core.resource.Census;
import io.sluice.core.resource.DescriptorCensus;
import io.sluice.core.resource.DescriptorRules;
import io.sluice.core.resource.ResourceKind;
import io.sluice.core.resource.ResourceLedger;
import io.sluice.fetcher.loop.EventLoops;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * CPU time of one count of a process's descriptors while many sockets are open: when nothing
 * changes, when sockets come and go, and when each count finds a new connection to the admin port,
 * as a poll of {@code /status} does.
 */
public final class CensusBenchmark {
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
  private static final int COUNTS = 50;

  /** How old a count for {@code /status} may be, in milliseconds: at most one is made in it. */
  private static final double STATUS_MILLIS = 5_000;

  private final ResourceLedger ledger = new ResourceLedger();
  private final DescriptorRules rules = new DescriptorRules();
  private final DescriptorCensus census = new DescriptorCensus(ledger, rules, Duration.ZERO);
  private final EventLoops loops = EventLoops.open(1, ledger);

  private CensusBenchmark() {}

  /** Takes numbers of sockets. */
  public static void main(String... sizes) throws Exception {
    System.out.printf(
        "%8s  %-28s %10s %10s %12s%n", "sockets", "meanwhile", "CPU ms", "most", "% of a core");
    CensusBenchmark benchmark = new CensusBenchmark();
    for (String size : sizes) {
      benchmark.measure(Integer.parseInt(size));
    }
    benchmark.loops.close();
  }

  private void measure(int sockets) throws Exception {
    List<Channel> open = new ArrayList<>();
    for (int i = 0; i < sockets; i++) {
      open.add(socket());
    }
    try (ServerSocketChannel admin = ServerSocketChannel.open()) {
      admin.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      InetSocketAddress address = (InetSocketAddress) admin.getLocalAddress();
      rules.localPort(ResourceKind.ADMIN, address.getPort());
      rules.peer(ResourceKind.ADMIN, address);
      count(sockets, "warm-up", () -> {});
      count(sockets, "nothing", () -> {});
      Thread churn = Thread.ofPlatform().daemon().start(this::comeAndGo);
      count(sockets, "sockets come and go", () -> {});
      churn.interrupt();
      churn.join();
      List<SocketChannel> polls = new ArrayList<>();
      count(
          sockets,
          "a new admin connection",
          () -> {
            for (SocketChannel poll : polls) {
              poll.close();
            }
            polls.clear();
            polls.add(SocketChannel.open(address));
            polls.add(admin.accept());
          });
      for (SocketChannel poll : polls) {
        poll.close();
      }
    }
    for (Channel channel : open) {
      channel.close().sync();
    }
  }

  private Channel socket() {
    Channel channel = loops.newDatagramChannel();
    loops.enter(channel, ResourceKind.HTTP, "bench");
    loops.lanes().getFirst().loop().register(channel).syncUninterruptibly();
    channel.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)).syncUninterruptibly();
    return channel;
  }

  private void comeAndGo() {
    while (!Thread.currentThread().isInterrupted()) {
      socket().close().syncUninterruptibly();
    }
  }

  private void count(int sockets, String meanwhile, Change change) throws Exception {
    long total = 0;
    long most = 0;
    for (int i = 0; i < COUNTS; i++) {
      change.happen();
      long before = THREADS.getCurrentThreadCpuTime();
      Census counted = census.now();
      long nanos = THREADS.getCurrentThreadCpuTime() - before;
      if (!counted.strays().isEmpty()) {
        System.out.println("unattributed: " + counted.strays());
      }
      total += nanos;
      most = Math.max(most, nanos);
    }
    double millis = total / 1e6 / COUNTS;
    System.out.printf(
        "%8d  %-28s %10.1f %10.1f %12.2f%n",
        sockets, meanwhile, millis, most / 1e6, 100 * millis / STATUS_MILLIS);
  }

  /** What happens before each count. */
  private interface Change {
    void happen() throws Exception;
  }
}
