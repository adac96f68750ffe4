package io.sluice.fetcher.dns;

import io.netty.channel.EventLoop;
import io.netty.handler.codec.dns.DnsQuestion;
import io.netty.resolver.HostsFileEntriesResolver;
import io.netty.resolver.ResolvedAddressTypes;
import io.netty.resolver.dns.DnsNameResolverBuilder;
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
import io.sluice.fetcher.loop.DeadlineSweep;
import io.sluice.fetcher.loop.DescriptorShortage;
import io.sluice.fetcher.loop.EventLoops;
import io.sluice.fetcher.loop.Lane;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Resolves the host names of one event loop, by the configured name servers or the system's.
 *
 * <p>A lookup joins one of the same name that is in flight. A share of {@code fetcher.dns.look-ups}
 * may be in flight, all on two sockets that are {@linkplain RotatingResolver replaced} often.
 * Further lookups wait within their time limit: proven hosts before first ones, and those before
 * troubled ones. A lookup that is not answered in time is cancelled, so that the next can begin. An
 * eighth of the lookups in flight is reserved for proven hosts, so that they don't wait for names
 * that are never answered. Answers are cached, at most {@link #MAX_CACHED_NAMES} names, for their
 * time to live within the configured bounds. An IP address given instead of a name is returned
 * unchanged, and {@code localhost} means loopback.
 *
 * <p>Confined to its event loop.
 */
public final class NameResolver implements AutoCloseable {
  /** Maximum number of names whose answers are kept. */
  public static final int MAX_CACHED_NAMES = 50_000;

  private static final List<InetAddress> LOOPBACK = List.of(NetUtil.LOCALHOST4, NetUtil.LOCALHOST6);

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
  private final BoundedDnsCache answers;
  private final RotatingResolver resolver;

  /** Resends a query while there is time for that in the shortest first visit. */
  private final RotatingResolver quick;

  private final Map<VisitKind, Queue<Pending>> waiting = new EnumMap<>(VisitKind.class);

  private final AbsentNames absent;
  private final ServerWatch servers;

  /** Lookups in flight, by name. */
  private final Map<String, Asked> asked = new HashMap<>();

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
    this(loops, lane, settings, metrics, RotatingResolver.Limits.DEFAULT);
  }

  NameResolver(
      EventLoops loops,
      Lane lane,
      FetcherSettings settings,
      DnsMetrics metrics,
      RotatingResolver.Limits limits) {
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
    this.answers =
        new BoundedDnsCache(
            MAX_CACHED_NAMES,
            Math.toIntExact(settings.dns().maxTtl().toSeconds()),
            asked::containsKey);
    Duration timeout = settings.timeouts().dns();
    Duration least = settings.timeouts().leastFirstVisit();
    Duration quickest = least.compareTo(timeout) < 0 ? least : timeout;
    this.resolver =
        new RotatingResolver(
            loops, lane, template(settings.dns(), timeout, QUERY_ATTEMPTS), maxInFlight, limits);
    this.quick =
        new RotatingResolver(
            loops,
            lane,
            template(settings.dns(), quickest, QUICK_QUERY_ATTEMPTS),
            maxInFlight,
            limits);
    this.servers = new ServerWatch(resolver::askForRoot, System::nanoTime);
  }

  /**
   * What the library is to ask. It has one timeout for all queries of a resolver.
   *
   * @param within the time in which each query can be sent {@value #QUERY_ATTEMPTS} times
   * @param attempts maximum number of times that a server is sent the same query
   */
  private DnsNameResolverBuilder template(
      FetcherSettings.Dns settings, Duration within, int attempts) {
    long queryMillis = Math.max(1, within.toMillis() / QUERY_ATTEMPTS);
    DnsServerAddressStreamProvider nameServers =
        settings.servers().isEmpty()
            ? DnsServerAddressStreamProviders.platformDefault()
            : new SequentialDnsServerAddressStreamProvider(settings.servers());
    return new DnsNameResolverBuilder()
        .queryTimeoutMillis(queryMillis)
        .maxQueriesPerResolve(MAX_QUERIES_PER_RESOLVE)
        .resolvedAddressTypes(ResolvedAddressTypes.IPV4_PREFERRED)
        .completeOncePreferredResolved(true)
        .searchDomains(List.of())
        .hostsFileEntriesResolver(
            settings.hostsFile() ? HostsFileEntriesResolver.DEFAULT : (_, _) -> null)
        .resolveCache(answers)
        .nameServerProvider(
            new RepeatedServers(
                nameServers, attempts, Duration.ofMillis(queryMillis), System::nanoTime))
        .dnsQueryLifecycleObserverFactory(this::record)
        .cnameCache(NoopDnsCnameCache.INSTANCE)
        .authoritativeDnsServerCache(NoopAuthoritativeDnsServerCache.INSTANCE);
  }

  /**
   * Looks a host up.
   *
   * @param name the host's name, with or without the root's dot, or an address; an IPv6 address in
   *     brackets
   * @param ignoreNegative whether name servers are asked even if the name is remembered not to
   *     exist
   * @param kind the kind of visit that needs the lookup
   * @param withinNanos maximum wait for its turn, and maximum time after that, if less than the
   *     timeout
   * @param begins runs when its turn comes; the wait before that is not the name's fault. It does
   *     not run if nothing has to be asked
   * @return completes on the event loop, within twice the timeout in any case; never fails
   */
  public CompletableFuture<LookUp> lookUp(
      String name, boolean ignoreNegative, VisitKind kind, long withinNanos, Runnable begins) {
    String host = name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
    List<InetAddress> unasked = withoutLookUp(host);
    if (!unasked.isEmpty()) {
      return CompletableFuture.completedFuture(new LookUp.Found(unasked));
    }
    if (ignoreNegative) {
      absent.remove(host);
    } else if (absent.contains(host)) {
      return CompletableFuture.completedFuture(new LookUp.NotFound(Reason.DNS_NOT_FOUND));
    }
    List<InetAddress> known = answers.addresses(host);
    if (!known.isEmpty()) {
      return CompletableFuture.completedFuture(new LookUp.Found(known));
    }
    Pending pending = new Pending(host, kind, Math.min(timeoutNanos, withinNanos), begins);
    sweep.watch(pending);
    if (closed) {
      pending.end(new LookUp.NotFound(Reason.DNS_FAILED));
    } else if (asked.containsKey(host)) {
      ask(pending);
    } else {
      waiting(kind).add(pending);
      askNext();
    }
    return pending.answer;
  }

  private Queue<Pending> waiting(VisitKind kind) {
    return Objects.requireNonNull(waiting.get(kind));
  }

  /** Begins a lookup, or joins the one of the same name. */
  private void ask(Pending pending) {
    Asked inFlight = asked.get(pending.host);
    if (inFlight == null) {
      inFlight = new Asked(pending);
      asked.put(pending.host, inFlight);
    }
    inFlight.join(pending);
    inFlight.begin();
  }

  /** Observes every query that a lookup of this name leads to. */
  private DnsQueryLifecycleObserver record(DnsQuestion question) {
    String name = question.name();
    Asked known = asked.get(name);
    if (known == null && name.endsWith(".")) {
      known = asked.get(name.substring(0, name.length() - 1));
    }
    return known == null ? new QueryRecord(servers) : known.queries;
  }

  private void askNext() {
    for (Pending next = next(); next != null; next = next()) {
      ask(next);
    }
  }

  /** Takes the lookup whose turn it is from its queue; null if none may begin. */
  private @Nullable Pending next() {
    if (closed || asked.size() >= maxInFlight) {
      return null;
    }
    Pending next = waiting(VisitKind.PROVEN).poll();
    if (next == null && unprovenInFlight < maxUnproven()) {
      boolean troubledFirst = ++unprovenTurns % TROUBLED_TURN == 0;
      next = waiting(troubledFirst ? VisitKind.TROUBLED : VisitKind.FIRST).poll();
      if (next == null) {
        next = waiting(troubledFirst ? VisitKind.FIRST : VisitKind.TROUBLED).poll();
      }
    }
    return next;
  }

  private int maxUnproven() {
    return Math.max(1, maxInFlight - Math.max(1, maxInFlight / PROVEN_PART));
  }

  /**
   * The addresses of a host that no name server is asked about: an address, or a name of this
   * machine, which always means loopback (RFC 6761, 6.3). Empty for any other host.
   */
  private static List<InetAddress> withoutLookUp(String host) {
    if (host.equals("localhost") || host.endsWith(".localhost")) {
      return LOOPBACK;
    }
    byte @Nullable [] bytes = NetUtil.createByteArrayFromIpAddressString(host);
    try {
      return bytes == null ? List.of() : List.of(InetAddress.getByAddress(bytes));
    } catch (UnknownHostException e) {
      throw new AssertionError("an address has 4 or 16 bytes", e);
    }
  }

  private LookUp notFound(Asked lookUp, Throwable failure) {
    if (DescriptorShortage.isMeant(failure)) {
      return new LookUp.NoSocket();
    }
    String host = lookUp.host;
    Reason reason = lookUp.queries.reason(failure, lookUp.mayLackAnswer());
    if (reason == Reason.DNS_NOT_FOUND) {
      absent.add(host);
    }
    return reason == Reason.DNS_TIMEOUT ? unanswered() : new LookUp.NotFound(reason);
  }

  private static boolean hasIpv4(List<InetAddress> addresses) {
    return addresses.stream().anyMatch(Inet4Address.class::isInstance);
  }

  private LookUp unanswered() {
    boolean silent = !closed && servers.timedOut();
    return new LookUp.NotFound(silent ? Reason.DNS_UNREACHABLE : Reason.DNS_TIMEOUT);
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
      List.copyOf(asked.values()).forEach(Asked::abandon);
      answers.clear();
    }
  }

  /** The lookup of a name, with all callers that wait for it. */
  private final class Asked {
    private final String host;
    private final boolean unproven;
    private final QueryRecord queries = new QueryRecord(servers);
    private final Promise<List<InetAddress>> addresses = loop.newPromise();
    private final List<Pending> callers = new ArrayList<>(1);
    private final RotatingResolver by;
    private long streamsBefore;
    private boolean begun;

    Asked(Pending first) {
      this.host = first.host;
      this.unproven = first.kind != VisitKind.PROVEN;
      this.by = first.withinNanos < timeoutNanos ? quick : resolver;
    }

    void join(Pending pending) {
      callers.add(pending);
      pending.begin(this);
    }

    void begin() {
      if (!begun) {
        begun = true;
        unprovenInFlight += unproven ? 1 : 0;
        addresses.addListener((Future<List<InetAddress>> answered) -> end(answered));
        streamsBefore = by.streams();
        by.resolveAll(host, addresses);
      }
    }

    /** Whether a truncated answer may not have been followed by the whole one. */
    boolean mayLackAnswer() {
      return by.anyUnheardSince(streamsBefore);
    }

    /** A caller's time is over. */
    void leave(Pending pending) {
      callers.remove(pending);
      if (callers.isEmpty()) {
        addresses.cancel(false); // which leaves room for the next one
      }
    }

    /** No answer is awaited. */
    void abandon() {
      List.copyOf(callers).forEach(caller -> caller.end(new LookUp.NotFound(Reason.DNS_FAILED)));
      callers.clear();
      addresses.cancel(false);
    }

    private void end(Future<List<InetAddress>> answered) {
      unprovenInFlight -= unproven ? 1 : 0;
      asked.remove(host);
      if (!answered.isSuccess() || (queries.silent() && !hasIpv4(answered.getNow()))) {
        answers.clear(host); // it may have the answer for one address family only
      }
      if (!callers.isEmpty()) {
        LookUp result =
            answered.isSuccess()
                ? new LookUp.Found(answered.getNow())
                : notFound(this, answered.cause());
        List.copyOf(callers).forEach(caller -> caller.end(result));
      }
      askNext();
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

    /** The lookup; null before it begins. */
    private @Nullable Asked lookUp;

    Pending(String host, VisitKind kind, long withinNanos, Runnable begins) {
      this.host = host;
      this.kind = kind;
      this.withinNanos = withinNanos;
      this.begins = begins;
      this.sinceNanos = sweep.nanoTime();
    }

    private void begin(Asked begun) {
      lookUp = begun;
      sinceNanos = sweep.nanoTime();
      begins.run();
    }

    @Override
    public long deadlineNanos() {
      return sinceNanos + withinNanos;
    }

    @Override
    public void expire() {
      Asked begun = lookUp;
      if (begun == null) {
        waiting(kind).remove(this);
        end(new LookUp.NotAsked());
      } else {
        end(unanswered());
        begun.leave(this);
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
