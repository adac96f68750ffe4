package io.sluice.fetcher.dns;

import io.netty.channel.AddressedEnvelope;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.dns.DefaultDnsQuestion;
import io.netty.handler.codec.dns.DnsQuestion;
import io.netty.handler.codec.dns.DnsRecordType;
import io.netty.handler.codec.dns.DnsResponse;
import io.netty.resolver.ResolvedAddressTypes;
import io.netty.resolver.dns.DnsCache;
import io.netty.resolver.dns.DnsNameResolver;
import io.netty.resolver.dns.DnsNameResolverBuilder;
import io.netty.resolver.dns.DnsNameResolverChannelStrategy;
import io.netty.resolver.dns.DnsQueryLifecycleObserver;
import io.netty.resolver.dns.DnsServerAddressStreamProvider;
import io.netty.resolver.dns.DnsServerAddressStreamProviders;
import io.netty.resolver.dns.NoopAuthoritativeDnsServerCache;
import io.netty.resolver.dns.NoopDnsCnameCache;
import io.netty.resolver.dns.SequentialDnsServerAddressStreamProvider;
import io.netty.util.NetUtil;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import io.sluice.core.config.FetcherSettings;
import io.sluice.core.lease.Reason;
import io.sluice.core.lease.VisitKind;
import io.sluice.core.resource.ResourceKind;
import io.sluice.fetcher.loop.DeadlineSweep;
import io.sluice.fetcher.loop.DescriptorShortage;
import io.sluice.fetcher.loop.EventLoops;
import io.sluice.fetcher.loop.Lane;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Resolves the host names of one event loop, by the configured name servers or the system's.
 *
 * <p>Concurrent lookups of one name share a query. A share of {@code fetcher.dns.look-ups} may be
 * in flight, each with a socket. Further lookups wait within their time limit: proven hosts before
 * first ones, and those before troubled ones. A lookup that is not answered in time is cancelled,
 * so that the next can begin. An eighth of the lookups in flight is reserved for proven hosts, so
 * that they don't wait for names that are never answered. Answers are cached, at most {@link
 * #MAX_CACHED_NAMES} names, for their time to live within the configured bounds. An IP address
 * given instead of a name is returned unchanged.
 *
 * <p>Confined to its event loop.
 */
public final class NameResolver implements AutoCloseable {
  /** Maximum number of names whose answers are kept. */
  public static final int MAX_CACHED_NAMES = 50_000;

  /** Maximum number of queries per lookup, over both address families. */
  private static final int MAX_QUERIES_PER_RESOLVE = 8;

  /**
   * How often a query is sent: since it or its answer may be lost, it is repeated after half of the
   * time.
   */
  private static final int QUERY_ATTEMPTS = 2;

  /** How often a quick query is sent; its time may be longer than the minimum. */
  private static final int QUICK_QUERY_ATTEMPTS = MAX_QUERIES_PER_RESOLVE / 2;

  /** One in this many lookups in flight is reserved for proven hosts. */
  private static final int PROVEN_PART = 8;

  /** One in this many turns of unproven hosts goes to a troubled host ahead of first visits. */
  private static final int TROUBLED_TURN = 8;

  private final DeadlineSweep sweep;
  private final EventLoop loop;
  private final int maxInFlight;
  private final long timeoutNanos;
  private final DnsMetrics metrics;
  private final DnsNameResolver resolver;

  /** Resends a query while there is time for that in the shortest first visit. */
  private final DnsNameResolver quick;

  private final Map<VisitKind, Queue<Pending>> waiting = new EnumMap<>(VisitKind.class);

  private final AbsentNames absent;
  private final ServerWatch servers;

  /** What name servers have answered so far about each name that is being looked up. */
  private final Map<String, QueryRecord> records = new HashMap<>();

  /** The sockets of lookups in flight, which the library would leak if it were closed meanwhile. */
  private final Set<Channel> channels = new HashSet<>();

  private int inFlight;

  private int unprovenTurns;

  /** How many lookups in flight are for hosts that are not proven. */
  private int unprovenInFlight;

  private boolean closed;

  /**
   * Opens a resolver; no socket is opened before the first lookup.
   *
   * @param lane the lane it is confined to, one of {@code loops}
   * @param settings {@code timeouts.dns} is how long a lookup may wait for its turn, and how long
   *     it may take after that
   */
  public NameResolver(EventLoops loops, Lane lane, FetcherSettings settings, DnsMetrics metrics) {
    this.sweep = lane.sweep();
    this.loop = lane.loop();
    this.maxInFlight = Math.max(1, settings.dns().lookUps() / loops.lanes().size());
    for (VisitKind kind : VisitKind.values()) {
      waiting.put(kind, new ArrayDeque<>());
    }
    this.timeoutNanos = settings.timeouts().dns().toNanos();
    this.metrics = metrics;
    this.absent =
        new AbsentNames(MAX_CACHED_NAMES, settings.dns().negativeTtl().toNanos(), System::nanoTime);
    this.servers = new ServerWatch(this::askForRoot, System::nanoTime);
    DnsCache answers =
        new BoundedDnsCache(MAX_CACHED_NAMES, Math.toIntExact(settings.dns().maxTtl().toSeconds()));
    Duration timeout = settings.timeouts().dns();
    Duration least = settings.timeouts().leastFirstVisit();
    this.resolver = build(loops, settings.dns(), timeout, QUERY_ATTEMPTS, answers);
    Duration quickest = least.compareTo(timeout) < 0 ? least : timeout;
    this.quick = build(loops, settings.dns(), quickest, QUICK_QUERY_ATTEMPTS, answers);
  }

  /**
   * Builds a resolver with one query timeout, since the library uses the same for all queries.
   *
   * @param within the time in which each query can be sent {@value #QUERY_ATTEMPTS} times
   * @param attempts maximum number of times that a server is sent the same query
   */
  private DnsNameResolver build(
      EventLoops loops,
      FetcherSettings.Dns settings,
      Duration within,
      int attempts,
      DnsCache answers) {
    long queryMillis = Math.max(1, within.toMillis() / QUERY_ATTEMPTS);
    DnsServerAddressStreamProvider nameServers =
        settings.servers().isEmpty()
            ? DnsServerAddressStreamProviders.platformDefault()
            : new SequentialDnsServerAddressStreamProvider(settings.servers());
    DnsNameResolverBuilder builder =
        new DnsNameResolverBuilder(loop)
            .datagramChannelFactory(() -> own(loops, loops.newDatagramChannel()))
            .socketChannelFactory(() -> own(loops, loops.newSocketChannel()))
            .datagramChannelStrategy(DnsNameResolverChannelStrategy.ChannelPerResolution)
            .queryTimeoutMillis(queryMillis)
            .maxQueriesPerResolve(MAX_QUERIES_PER_RESOLVE)
            .resolvedAddressTypes(ResolvedAddressTypes.IPV4_PREFERRED)
            .completeOncePreferredResolved(true)
            .consolidateCacheSize(maxInFlight)
            .searchDomains(List.of())
            .resolveCache(answers)
            .nameServerProvider(
                new RepeatedServers(
                    nameServers, attempts, Duration.ofMillis(queryMillis), System::nanoTime))
            .dnsQueryLifecycleObserverFactory(this::record)
            .cnameCache(NoopDnsCnameCache.INSTANCE)
            .authoritativeDnsServerCache(NoopAuthoritativeDnsServerCache.INSTANCE);
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
   * @param ignoreNegative whether name servers are asked even if the name is remembered not to
   *     exist
   * @param kind the kind of visit that needs the lookup
   * @param withinNanos maximum wait for its turn, and maximum time after that, if less than the
   *     timeout
   * @param begins runs when its turn comes; the wait before that is not the name's fault
   * @return completes on the event loop, within twice the timeout in any case; never fails
   */
  public CompletableFuture<LookUp> lookUp(
      String host, boolean ignoreNegative, VisitKind kind, long withinNanos, Runnable begins) {
    InetAddress literal = literal(host);
    if (literal != null) {
      return CompletableFuture.completedFuture(new LookUp.Found(List.of(literal)));
    }
    if (ignoreNegative) {
      absent.remove(host);
    } else if (absent.contains(host)) {
      return CompletableFuture.completedFuture(new LookUp.NotFound(Reason.DNS_NOT_FOUND));
    }
    Pending pending = new Pending(host, kind, Math.min(timeoutNanos, withinNanos), begins);
    sweep.watch(pending);
    if (closed) {
      pending.end(new LookUp.NotFound(Reason.DNS_FAILED));
    } else {
      waiting(kind).add(pending);
      askNext();
    }
    return pending.answer;
  }

  private Queue<Pending> waiting(VisitKind kind) {
    return Objects.requireNonNull(waiting.get(kind));
  }

  private void ask(Pending pending) {
    inFlight++;
    int unproven = pending.kind == VisitKind.PROVEN ? 0 : 1;
    unprovenInFlight += unproven;
    QueryRecord queries = records.computeIfAbsent(pending.host, _ -> new QueryRecord(servers));
    Promise<List<InetAddress>> addresses = loop.newPromise();
    pending.begin(addresses);
    addresses.addListener(
        (Future<List<InetAddress>> asked) -> {
          inFlight--;
          unprovenInFlight -= unproven;
          records.remove(pending.host, queries);
          if (asked.isSuccess()) {
            pending.end(new LookUp.Found(asked.getNow()));
          } else if (!asked.isCancelled()) {
            pending.end(notFound(pending.host, queries, asked.cause()));
          }
          askNext();
        });
    DnsNameResolver inTime = pending.withinNanos < timeoutNanos ? quick : resolver;
    var _ = inTime.resolveAll(pending.host, addresses);
  }

  /** Observes every query that a lookup of this name leads to. */
  private DnsQueryLifecycleObserver record(DnsQuestion question) {
    String name = question.name();
    QueryRecord known = records.get(name);
    if (known == null && name.endsWith(".")) {
      known = records.get(name.substring(0, name.length() - 1));
    }
    return known == null ? new QueryRecord(servers) : known;
  }

  private void askNext() {
    if (closed || inFlight >= maxInFlight) {
      return;
    }
    Pending next = waiting(VisitKind.PROVEN).poll();
    if (next == null && unprovenInFlight < maxUnproven()) {
      boolean troubledFirst = ++unprovenTurns % TROUBLED_TURN == 0;
      next = waiting(troubledFirst ? VisitKind.TROUBLED : VisitKind.FIRST).poll();
      if (next == null) {
        next = waiting(troubledFirst ? VisitKind.FIRST : VisitKind.TROUBLED).poll();
      }
    }
    if (next != null) {
      ask(next);
    }
  }

  private int maxUnproven() {
    return Math.max(1, maxInFlight - Math.max(1, maxInFlight / PROVEN_PART));
  }

  private static @Nullable InetAddress literal(String host) {
    byte @Nullable [] bytes = NetUtil.createByteArrayFromIpAddressString(host);
    try {
      return bytes == null ? null : InetAddress.getByAddress(bytes);
    } catch (UnknownHostException e) {
      throw new AssertionError("an address has 4 or 16 bytes", e);
    }
  }

  private LookUp notFound(String host, QueryRecord queries, Throwable failure) {
    if (DescriptorShortage.isMeant(failure)) {
      return new LookUp.NoSocket();
    }
    Reason reason = queries.reason(failure);
    if (reason == Reason.DNS_NOT_FOUND) {
      absent.add(host);
    }
    return reason == Reason.DNS_TIMEOUT ? unanswered() : new LookUp.NotFound(reason);
  }

  private LookUp unanswered() {
    boolean silent = !closed && servers.timedOut();
    return new LookUp.NotFound(silent ? Reason.DNS_UNREACHABLE : Reason.DNS_TIMEOUT);
  }

  /** Every name server knows the root servers (RFC 1034, 5.3.3). */
  private Future<?> askForRoot() {
    return resolver
        .query(new DefaultDnsQuestion(".", DnsRecordType.NS))
        .addListener(
            (Future<AddressedEnvelope<DnsResponse, InetSocketAddress>> asked) -> {
              if (asked.isSuccess()) {
                asked.getNow().release();
              }
            });
  }

  /**
   * Closes the resolver with its sockets. Lookups in flight and queued ones fail, and no further
   * one begins. Call it on the loop.
   */
  @Override
  public void close() {
    closed = true;
    for (Queue<Pending> queue : waiting.values()) {
      for (Pending next = queue.poll(); next != null; next = queue.poll()) {
        next.end(new LookUp.NotFound(Reason.DNS_FAILED));
      }
    }
    try (quick;
        resolver) {
      // Closes both.
    } finally {
      for (Channel channel : channels.toArray(new Channel[0])) {
        var _ = channel.close();
      }
    }
  }

  /** One caller's lookup. */
  private final class Pending implements DeadlineSweep.Timed {
    private final String host;
    private final VisitKind kind;
    private final long withinNanos;
    private final Runnable begins;
    private long sinceNanos;
    private final CompletableFuture<LookUp> answer = new CompletableFuture<>();

    /** The addresses that the resolver finds; null before it is asked. */
    private @Nullable Promise<List<InetAddress>> addresses;

    Pending(String host, VisitKind kind, long withinNanos, Runnable begins) {
      this.host = host;
      this.kind = kind;
      this.withinNanos = withinNanos;
      this.begins = begins;
      this.sinceNanos = sweep.nanoTime();
    }

    private void begin(Promise<List<InetAddress>> promise) {
      addresses = promise;
      sinceNanos = sweep.nanoTime();
      begins.run();
    }

    @Override
    public long deadlineNanos() {
      return sinceNanos + withinNanos;
    }

    @Override
    public void expire() {
      Promise<List<InetAddress>> asked = addresses;
      if (asked == null) {
        waiting(kind).remove(this);
        end(new LookUp.NotAsked());
      } else {
        end(unanswered());
        asked.cancel(false); // closes the socket, which leaves room for the next one
      }
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
