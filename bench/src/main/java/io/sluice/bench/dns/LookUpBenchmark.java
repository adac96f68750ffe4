package io.sluice.bench.dns;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.channel.EventLoop;
import io.netty.resolver.ResolvedAddressTypes;
import io.netty.resolver.dns.DnsNameResolver;
import io.netty.resolver.dns.DnsNameResolverBuilder;
import io.netty.resolver.dns.DnsNameResolverChannelStrategy;
import io.netty.resolver.dns.NoopAuthoritativeDnsServerCache;
import io.netty.resolver.dns.NoopDnsCnameCache;
import io.netty.resolver.dns.SequentialDnsServerAddressStreamProvider;
import io.sluice.core.config.ConfigLoader;
import io.sluice.core.config.FetcherSettings;
import io.sluice.core.config.LoadResult;
import io.sluice.core.lease.VisitKind;
import io.sluice.core.resource.ResourceLedger;
import io.sluice.fetcher.dns.DnsMetrics;
import io.sluice.fetcher.dns.LookUp;
import io.sluice.fetcher.dns.NameResolver;
import io.sluice.fetcher.loop.EventLoops;
import io.sluice.fetcher.loop.Lane;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * CPU time of an event loop for lookups of names that were never looked up before, by the fetcher's
 * resolver and by the library's with a socket for each lookup, as the fetcher did it once. Both
 * take turns; the median of the rounds counts.
 */
public final class LookUpBenchmark {
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
  private static final int IN_FLIGHT = 200;
  private static final long ROUND_MINUTES = 5;

  private final Lane lane;
  private final int lookUps;
  private int nextName;

  private LookUpBenchmark(Lane lane, int lookUps) {
    this.lane = lane;
    this.lookUps = lookUps;
  }

  /** Takes the number of lookups of a round, and the number of rounds. */
  public static void main(String... args) throws Exception {
    int lookUps = Integer.parseInt(args[0]);
    int rounds = Integer.parseInt(args[1]);
    try (LoopbackNames names = new LoopbackNames();
        EventLoops loops = EventLoops.open(1, new ResourceLedger())) {
      Lane lane = loops.lanes().getFirst();
      LookUpBenchmark benchmark = new LookUpBenchmark(lane, lookUps);
      DnsNameResolver before = socketPerLookUp(loops, lane.loop(), names);
      NameResolver now =
          new NameResolver(loops, lane, settings(names), new DnsMetrics(new SimpleMeterRegistry()));
      double[] millisBefore = new double[rounds];
      double[] millisNow = new double[rounds];
      System.out.printf("%-24s %18s %12s%n", "CPU ms per 1,000", "socket per lookup", "Sluice");
      for (int round = -1; round < rounds; round++) {
        double one = benchmark.round(name -> ofLibrary(before, name));
        double other = benchmark.round(name -> ofFetcher(now, name));
        System.out.printf("%-24s %18.1f %12.1f%n", label(round), one, other);
        if (round >= 0) {
          millisBefore[round] = one;
          millisNow[round] = other;
        }
      }
      double one = median(millisBefore);
      double other = median(millisNow);
      System.out.printf("%-24s %18.1f %12.1f%n", "median", one, other);
      System.out.printf("%-24s %31.2f%n", "ratio", other / one);
      lane.loop()
          .submit(
              () -> {
                now.close();
                before.close();
              })
          .sync();
    }
  }

  private static String label(int round) {
    return round < 0 ? "warm-up" : "round " + (round + 1);
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }

  private static FetcherSettings settings(LoopbackNames names) throws Exception {
    Path file = Files.createTempFile("sluice-bench", ".yaml");
    try {
      Files.writeString(
          file,
          """
          crawl: { user-agent: bench (+http://localhost/), seeds: ["http://a.test/"] }
          fetcher: { dns: { servers: ["%s:%d"] } }
          """
              .formatted(names.address().getAddress().getHostAddress(), names.address().getPort()));
      return switch (ConfigLoader.load(file, Map.of(), 1)) {
        case LoadResult.Loaded loaded -> loaded.config().fetcher();
        case LoadResult.Invalid invalid ->
            throw new IllegalStateException(invalid.problems().toString());
      };
    } finally {
      Files.delete(file);
    }
  }

  private static DnsNameResolver socketPerLookUp(
      EventLoops loops, EventLoop loop, LoopbackNames names) {
    return new DnsNameResolverBuilder(loop)
        .datagramChannelFactory(loops::newDatagramChannel)
        .socketChannelFactory(loops::newSocketChannel)
        .datagramChannelStrategy(DnsNameResolverChannelStrategy.ChannelPerResolution)
        .queryTimeoutMillis(2_500)
        .maxQueriesPerResolve(8)
        .resolvedAddressTypes(ResolvedAddressTypes.IPV4_PREFERRED)
        .completeOncePreferredResolved(true)
        .consolidateCacheSize(IN_FLIGHT)
        .searchDomains(List.of())
        .nameServerProvider(new SequentialDnsServerAddressStreamProvider(names.address()))
        .cnameCache(NoopDnsCnameCache.INSTANCE)
        .authoritativeDnsServerCache(NoopAuthoritativeDnsServerCache.INSTANCE)
        .build();
  }

  private static CompletableFuture<Boolean> ofLibrary(DnsNameResolver resolver, String name) {
    CompletableFuture<Boolean> found = new CompletableFuture<>();
    var _ = resolver.resolveAll(name).addListener(asked -> found.complete(asked.isSuccess()));
    return found;
  }

  private static CompletableFuture<Boolean> ofFetcher(NameResolver resolver, String name) {
    return resolver
        .lookUp(name, false, VisitKind.PROVEN, Long.MAX_VALUE, () -> {})
        .thenApply(LookUp.Found.class::isInstance);
  }

  /** The loop's CPU time, in milliseconds per 1,000 lookups. */
  private double round(Way way) throws Exception {
    Round round = new Round(way);
    long thread = lane.loop().submit(() -> Thread.currentThread().threadId()).get();
    long before = THREADS.getThreadCpuTime(thread);
    lane.loop().execute(round::fill);
    round.done.get(ROUND_MINUTES, TimeUnit.MINUTES);
    double millis = (THREADS.getThreadCpuTime(thread) - before) / 1e6;
    if (round.failed > 0) {
      System.out.printf("%d of %d lookups failed%n", round.failed, lookUps);
    }
    return millis * 1_000 / lookUps;
  }

  /** A resolver under test. */
  private interface Way {
    CompletableFuture<Boolean> lookUp(String name);
  }

  /** Keeps a number of lookups in flight until all are done. Confined to the loop. */
  private final class Round {
    private final Way way;
    private final CompletableFuture<Boolean> done = new CompletableFuture<>();
    private int begun;
    private int ended;
    private int failed;

    Round(Way way) {
      this.way = way;
    }

    void fill() {
      while (begun < lookUps && begun - ended < IN_FLIGHT) {
        begun++;
        var _ = way.lookUp("host" + nextName++ + ".test").thenAccept(this::end);
      }
    }

    private void end(boolean found) {
      ended++;
      failed += found ? 0 : 1;
      if (ended == lookUps) {
        done.complete(true);
      } else if (begun < lookUps) {
        lane.loop().execute(this::fill);
      }
    }
  }
}
