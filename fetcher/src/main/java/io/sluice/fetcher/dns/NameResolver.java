package io.sluice.fetcher.dns;

import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.dns.DnsResponseCode;
import io.netty.resolver.ResolvedAddressTypes;
import io.netty.resolver.dns.DnsErrorCauseException;
import io.netty.resolver.dns.DnsNameResolver;
import io.netty.resolver.dns.DnsNameResolverBuilder;
import io.netty.resolver.dns.DnsNameResolverChannelStrategy;
import io.netty.resolver.dns.DnsNameResolverException;
import io.netty.resolver.dns.DnsNameResolverTimeoutException;
import io.netty.resolver.dns.NoopAuthoritativeDnsServerCache;
import io.netty.resolver.dns.NoopDnsCnameCache;
import io.netty.resolver.dns.SequentialDnsServerAddressStreamProvider;
import io.netty.util.NetUtil;
import io.netty.util.concurrent.Future;
import io.sluice.core.config.FetcherSettings;
import io.sluice.core.resource.ResourceKind;
import io.sluice.fetcher.loop.DescriptorShortage;
import io.sluice.fetcher.loop.EventLoops;
import io.sluice.fetcher.loop.Lane;
import io.sluice.fetcher.loop.Sweep;
import io.sluice.fetcher.reason.Reason;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Resolves the host names of one event loop, by the configured name servers or the system's.
 *
 * <p>Look-ups of one name at a time share one query. As many as its part of {@code
 * fetcher.dns.look-ups} are in flight, each with a socket; more wait in turn, and their time
 * counts. Answers are cached, at most {@link #MAX_CACHED_NAMES} names, for their time to live
 * within the configured bounds. An address in place of a name is returned as it stands.
 *
 * <p>Confined to its event loop.
 */
public final class NameResolver implements AutoCloseable {
  /** Names whose answers are kept at most. */
  public static final int MAX_CACHED_NAMES = 50_000;

  private static final int MAX_QUERIES_PER_RESOLVE = 8;
  private static final int QUERY_ATTEMPTS = 2;

  private final Sweep sweep;
  private final int maxInFlight;
  private final long timeoutNanos;
  private final DnsMetrics metrics;
  private final DnsNameResolver resolver;
  private final Queue<Pending> waiting = new ArrayDeque<>();

  /** The sockets of look-ups under way: the library forgets them when it is closed meanwhile. */
  private final Set<Channel> channels = new HashSet<>();

  private int inFlight;
  private boolean closed;

  /**
   * Opens a resolver; no socket is opened before the first look-up.
   *
   * @param lane the lane it is confined to, one of {@code loops}
   * @param timeout how long a look-up may take, waiting in turn included
   */
  public NameResolver(
      EventLoops loops,
      Lane lane,
      FetcherSettings.Dns settings,
      Duration timeout,
      DnsMetrics metrics) {
    this.sweep = lane.sweep();
    this.maxInFlight = Math.max(1, settings.lookUps() / loops.lanes().size());
    this.timeoutNanos = timeout.toNanos();
    this.metrics = metrics;
    this.resolver = build(loops, lane.loop(), settings, timeout);
  }

  private DnsNameResolver build(
      EventLoops loops, EventLoop loop, FetcherSettings.Dns settings, Duration timeout) {
    DnsNameResolverBuilder builder =
        new DnsNameResolverBuilder(loop)
            .datagramChannelFactory(() -> own(loops, loops.newDatagramChannel()))
            .socketChannelFactory(() -> own(loops, loops.newSocketChannel()))
            .datagramChannelStrategy(DnsNameResolverChannelStrategy.ChannelPerResolution)
            .queryTimeoutMillis(Math.max(1, timeout.toMillis() / QUERY_ATTEMPTS))
            .maxQueriesPerResolve(MAX_QUERIES_PER_RESOLVE)
            .resolvedAddressTypes(ResolvedAddressTypes.IPV4_PREFERRED)
            .completeOncePreferredResolved(true)
            .consolidateCacheSize(maxInFlight)
            .searchDomains(List.of())
            .resolveCache(
                new BoundedDnsCache(
                    MAX_CACHED_NAMES,
                    Math.toIntExact(settings.maxTtl().toSeconds()),
                    Math.toIntExact(settings.negativeTtl().toSeconds())))
            .cnameCache(NoopDnsCnameCache.INSTANCE)
            .authoritativeDnsServerCache(NoopAuthoritativeDnsServerCache.INSTANCE);
    if (!settings.servers().isEmpty()) {
      builder.nameServerProvider(new SequentialDnsServerAddressStreamProvider(settings.servers()));
    }
    return builder.build();
  }

  private <C extends Channel> C own(EventLoops loops, C channel) {
    loops.enter(channel, ResourceKind.DNS, "fetcher.dns");
    channels.add(channel);
    channel.closeFuture().addListener(_ -> channels.remove(channel));
    return channel;
  }

  /**
   * Looks a host up.
   *
   * @param host a name, or an address; an IPv6 address in brackets
   * @return completes on the event loop, in any case within the time-out; never fails
   */
  public CompletableFuture<LookUp> lookUp(String host) {
    InetAddress literal = literal(host);
    if (literal != null) {
      return CompletableFuture.completedFuture(new LookUp.Found(List.of(literal)));
    }
    Pending pending = new Pending(host, System.nanoTime() + timeoutNanos);
    sweep.watch(pending);
    if (closed) {
      pending.end(new LookUp.NotFound(Reason.DNS_FAILED));
    } else if (inFlight < maxInFlight) {
      ask(pending);
    } else {
      waiting.add(pending);
    }
    return pending.answer;
  }

  private void ask(Pending pending) {
    inFlight++;
    resolver
        .resolveAll(pending.host)
        .addListener(
            (Future<List<InetAddress>> asked) -> {
              inFlight--;
              pending.end(asked.isSuccess() ? new LookUp.Found(asked.getNow()) : of(asked.cause()));
              askNext();
            });
  }

  private void askNext() {
    Pending next = closed ? null : waiting.poll();
    if (next != null) {
      ask(next);
    }
  }

  private static @Nullable InetAddress literal(String host) {
    byte @Nullable [] bytes = NetUtil.createByteArrayFromIpAddressString(host);
    try {
      return bytes == null ? null : InetAddress.getByAddress(bytes);
    } catch (UnknownHostException e) {
      throw new AssertionError("an address has 4 or 16 bytes", e);
    }
  }

  private static LookUp of(Throwable failure) {
    return DescriptorShortage.isMeant(failure)
        ? new LookUp.NoSocket()
        : new LookUp.NotFound(reasonOf(failure));
  }

  private static Reason reasonOf(@Nullable Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof DnsNameResolverTimeoutException) {
        return Reason.DNS_TIMEOUT;
      }
      if (cause instanceof DnsErrorCauseException error) {
        return DnsResponseCode.NXDOMAIN.equals(error.getCode())
            ? Reason.DNS_NOT_FOUND
            : Reason.DNS_FAILED;
      }
      if (cause instanceof DnsNameResolverException) {
        return Reason.DNS_FAILED;
      }
    }
    return failure instanceof UnknownHostException ? Reason.DNS_NOT_FOUND : Reason.DNS_FAILED;
  }

  /**
   * Closes the resolver with its sockets; look-ups in flight end as failed, those that wait too,
   * and none begins any more. Call it on the loop.
   */
  @Override
  public void close() {
    closed = true;
    for (Pending next = waiting.poll(); next != null; next = waiting.poll()) {
      next.end(new LookUp.NotFound(Reason.DNS_FAILED));
    }
    try {
      resolver.close();
    } finally {
      for (Channel channel : channels.toArray(new Channel[0])) {
        var _ = channel.close();
      }
    }
  }

  /** One caller's look-up. */
  private final class Pending implements Sweep.Timed {
    private final String host;
    private final long deadlineNanos;
    private final CompletableFuture<LookUp> answer = new CompletableFuture<>();

    Pending(String host, long deadlineNanos) {
      this.host = host;
      this.deadlineNanos = deadlineNanos;
    }

    @Override
    public long deadlineNanos() {
      return deadlineNanos;
    }

    @Override
    public void expire() {
      waiting.remove(this);
      end(new LookUp.NotFound(Reason.DNS_TIMEOUT));
    }

    private void end(LookUp result) {
      sweep.letGo(this);
      if (!answer.isDone()) {
        metrics.lookedUp(result);
        answer.complete(result);
      }
    }
  }
}
