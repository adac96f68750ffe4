package io.sluice.fetcher.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.handler.codec.dns.DnsRecord;
import io.sluice.core.lease.Reason;
import io.sluice.core.lease.VisitKind;
import io.sluice.core.resource.ResourceKind;
import io.sluice.core.resource.ResourceLedger;
import io.sluice.fetcher.loop.EventLoops;
import io.sluice.fetcher.loop.Lane;
import io.sluice.fetcher.testing.ScriptedNameServer;
import io.sluice.fetcher.testing.ScriptedNameServer.Query;
import io.sluice.fetcher.testing.ScriptedNameServer.Script;
import io.sluice.fetcher.testing.TestSettings;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Lookups on shared sockets, against a server that also forges answers. */
final class NameResolverTest {
  private static final String RIGHT = "192.0.2.1";
  private static final String FORGED = "192.0.2.66";
  private static final Duration LONG = Duration.ofMinutes(10);

  private final ResourceLedger ledger = new ResourceLedger();
  private final EventLoops loops = EventLoops.open(1, ledger);
  private final Lane lane = loops.lanes().getFirst();
  private final TestSettings settings = new TestSettings();
  private @Nullable ScriptedNameServer server;
  private @Nullable NameResolver resolver;

  @AfterEach
  void nothingIsLeftOpen() throws Exception {
    NameResolver open = resolver;
    if (open != null) {
      lane.loop().submit(open::close).get(10, TimeUnit.SECONDS);
    }
    loops.close();
    if (server != null) {
      server.close();
    }
    assertThat(ledger.entries()).isEmpty();
  }

  private ScriptedNameServer serve(Script script) throws Exception {
    return serve(RotatingResolver.Limits.DEFAULT, script);
  }

  private ScriptedNameServer serve(RotatingResolver.Limits limits, Script script) throws Exception {
    ScriptedNameServer started = ScriptedNameServer.start(script);
    server = started;
    settings.nameServers = List.of(started.address());
    settings.dnsTimeout = Duration.ofMinutes(1);
    DnsMetrics metrics = new DnsMetrics(new SimpleMeterRegistry());
    resolver = new NameResolver(loops, lane, settings.config().fetcher(), metrics, limits);
    return started;
  }

  private CompletableFuture<LookUp> begin(String host, Duration within) {
    NameResolver open = Objects.requireNonNull(resolver);
    return CompletableFuture.completedFuture(open)
        .thenComposeAsync(
            names -> names.lookUp(host, false, VisitKind.PROVEN, within.toNanos(), () -> {}),
            lane.loop());
  }

  private LookUp lookUp(String host) throws Exception {
    return begin(host, LONG).get(30, TimeUnit.SECONDS);
  }

  private static LookUp found(String ip) {
    return new LookUp.Found(List.of(InetAddress.ofLiteral(ip)));
  }

  private int socketsOpen() {
    return ledger.open().getOrDefault(ResourceKind.DNS, 0);
  }

  private static Set<Integer> ports(ScriptedNameServer server) {
    return server.queries().stream()
        .map(query -> query.asker().getPort())
        .collect(Collectors.toSet());
  }

  @Test
  void namesOfThisMachineMeanLoopbackAndAreNotAsked() throws Exception {
    ScriptedNameServer asked = serve((query, names) -> names.answer(query, FORGED));
    LookUp.Found loopback =
        new LookUp.Found(List.of(InetAddress.ofLiteral("127.0.0.1"), InetAddress.ofLiteral("::1")));
    assertThat(lookUp("localhost")).isEqualTo(loopback);
    assertThat(lookUp("shop.localhost.")).isEqualTo(loopback);
    assertThat(asked.queries()).isEmpty();
    assertThat(lookUp("notlocalhost")).isEqualTo(found(FORGED));
  }

  @Test
  void anAnswerWithAnotherIdIsDropped() throws Exception {
    serve(
        (query, names) -> {
          for (int wrong = 1; wrong < 50; wrong++) {
            names.answer(query, query.id() ^ wrong, query.question(), FORGED, names.socket());
          }
          names.answer(query, RIGHT);
        });
    assertThat(lookUp("page.test")).isEqualTo(found(RIGHT));
  }

  @Test
  void anAnswerForAnotherNameIsDropped() throws Exception {
    serve(
        (query, names) -> {
          byte[] other = query.question().clone();
          other[1] ^= 1; // the first letter of the name
          names.answer(query, query.id(), other, FORGED, names.socket());
          names.answer(query, RIGHT);
        });
    assertThat(lookUp("page.test")).isEqualTo(found(RIGHT));
  }

  @Test
  void anAnswerFromAnotherAddressOrPortIsDropped() throws Exception {
    try (DatagramSocket port =
            new DatagramSocket(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0));
        DatagramSocket address =
            new DatagramSocket(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.2"), 0))) {
      serve(
          (query, names) -> {
            names.answer(query, query.id(), query.question(), FORGED, port);
            names.answer(query, query.id(), query.question(), FORGED, address);
            names.answer(query, RIGHT);
          });
      assertThat(lookUp("page.test")).isEqualTo(found(RIGHT));
    }
  }

  @Test
  void aLateAnswerIsUsedForNoOtherName() throws Exception {
    Map<String, Query> queries = new ConcurrentHashMap<>();
    ScriptedNameServer names =
        serve(
            (query, server) -> {
              queries.put(query.name(), query);
              Query late = queries.get("late.test");
              if (query.name().equals("next.test") && late != null) {
                server.answer(late, FORGED);
                server.answer(late, query.id(), late.question(), FORGED, server.socket());
                server.answer(query, RIGHT);
              }
            });
    CompletableFuture<LookUp> late = begin("late.test", Duration.ofMillis(100));
    assertThat(late.get(30, TimeUnit.SECONDS)).isInstanceOf(LookUp.NotFound.class);
    // With a time limit below the timeout, it is on the same socket.
    assertThat(begin("next.test", Duration.ofSeconds(50)).get(30, TimeUnit.SECONDS))
        .isEqualTo(found(RIGHT));
    assertThat(ports(names)).hasSize(1);
    assertThat(begin("late.test", Duration.ofMillis(100)).get(30, TimeUnit.SECONDS))
        .isInstanceOf(LookUp.NotFound.class); // not remembered either
  }

  @Test
  void aTruncatedAnswerIsReadOverTcp() throws Exception {
    serve((query, names) -> names.truncate(query));
    assertThat(lookUp("long.test")).isEqualTo(found("192.0.2.53"));
    await().untilAsserted(() -> assertThat(socketsOpen()).isEqualTo(1)); // TCP is closed
  }

  @Test
  void aTruncatedAnswerWithoutTheWholeOneDoesNotMeanThatTheNameDoesNotExist() throws Exception {
    ScriptedNameServer names = serve((query, server) -> server.truncate(query));
    names.answerIpv6("");
    names.refuseStreams();
    assertThat(lookUp("long.test")).isEqualTo(new LookUp.NotFound(Reason.DNS_FAILED));
  }

  @Test
  void theAnswerForOneAddressFamilyIsNotTakenForAllWhenTheOtherNeverCame() throws Exception {
    AtomicBoolean silent = new AtomicBoolean(true);
    ScriptedNameServer names =
        serve(
            (query, server) -> {
              if (!silent.get()) {
                server.answer(query, RIGHT);
              }
            });
    names.answerIpv6("2001:db8::1");
    assertThat(begin("half.test", Duration.ofMillis(500)).get(30, TimeUnit.SECONDS))
        .isInstanceOf(LookUp.NotFound.class);
    silent.set(false);
    names.answerIpv6("");
    assertThat(lookUp("half.test")).isEqualTo(found(RIGHT));
  }

  @Test
  void ofAnAnswerWithoutEndAFewAddressesAreKept() throws Exception {
    BoundedDnsCache cache = new BoundedDnsCache(10, 60, _ -> true);
    DnsRecord[] none = {};
    for (int i = 0; i < 4_000; i++) {
      byte[] address = {10, 0, (byte) (i >> 8), (byte) i};
      cache.cache("many.test", none, InetAddress.getByAddress(address), 60, lane.loop());
    }
    assertThat(cache.addresses("many.test")).hasSize(BoundedDnsCache.MAX_ADDRESSES);
    cache.clear();
  }

  @Test
  void lookupsOfOneNameShareAQuery() throws Exception {
    List<Query> held = new CopyOnWriteArrayList<>();
    ScriptedNameServer names = serve((query, _) -> held.add(query));
    List<CompletableFuture<LookUp>> all = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      all.add(begin("page.test", LONG));
    }
    await().until(() -> !names.queries().isEmpty());
    names.answer(held.getFirst(), RIGHT);
    for (CompletableFuture<LookUp> one : all) {
      assertThat(one.get(30, TimeUnit.SECONDS)).isEqualTo(found(RIGHT));
    }
    assertThat(lookUp("page.test")).isEqualTo(found(RIGHT));
    assertThat(names.queries()).hasSize(1);
  }

  @Test
  void aCallerWhoseTimeIsOverLeavesTheLookupToTheOthers() throws Exception {
    List<Query> held = new CopyOnWriteArrayList<>();
    ScriptedNameServer names = serve((query, _) -> held.add(query));
    CompletableFuture<LookUp> patient = begin("page.test", LONG);
    CompletableFuture<LookUp> hasty = begin("page.test", Duration.ofMillis(50));
    assertThat(hasty.get(30, TimeUnit.SECONDS)).isInstanceOf(LookUp.NotFound.class);
    assertThat(patient).isNotDone();
    names.answer(held.getFirst(), RIGHT);
    assertThat(patient.get(30, TimeUnit.SECONDS)).isEqualTo(found(RIGHT));
  }

  @Test
  void lookupsShareASocketThatIsReplacedAfterANumberOfThem() throws Exception {
    ScriptedNameServer names =
        serve(
            new RotatingResolver.Limits(10, LONG, 4),
            (query, server) -> server.answer(query, RIGHT));
    Set<Integer> seen = new HashSet<>();
    for (int i = 0; i < 30; i++) {
      assertThat(lookUp("host" + i + ".test")).isEqualTo(found(RIGHT));
      seen.addAll(ports(names));
      assertThat(seen).hasSize(i / 10 + 1);
      assertThat(socketsOpen()).isEqualTo(1);
    }
  }

  @Test
  void aSocketIsReplacedWhenItIsOldAndNoneStaysOpen() throws Exception {
    ScriptedNameServer names =
        serve(
            new RotatingResolver.Limits(100, Duration.ofMillis(60), 4),
            (query, server) -> server.answer(query, RIGHT));
    lookUp("one.test");
    await().untilAsserted(() -> assertThat(socketsOpen()).isZero());
    lookUp("two.test");
    assertThat(ports(names)).hasSize(2);
  }

  @Test
  void lookupsThatHangKeepABoundedNumberOfSockets() throws Exception {
    ScriptedNameServer names = serve(new RotatingResolver.Limits(1, LONG, 2), (_, _) -> {});
    for (int i = 0; i < 20; i++) {
      var _ = begin("mute" + i + ".test", LONG);
    }
    await().until(() -> names.queries().size() >= 20);
    assertThat(ports(names)).hasSize(2);
    assertThat(socketsOpen()).isEqualTo(2);
  }

  @Test
  void closingFailsLookupsInFlightAtOnce() throws Exception {
    ScriptedNameServer names = serve((_, _) -> {});
    CompletableFuture<LookUp> mute = begin("mute.test", LONG);
    await().until(() -> !names.queries().isEmpty());
    NameResolver open = Objects.requireNonNull(resolver);
    lane.loop().submit(open::close).get(10, TimeUnit.SECONDS);
    assertThat(mute.get(10, TimeUnit.SECONDS)).isInstanceOf(LookUp.NotFound.class);
    assertThat(socketsOpen()).isZero();
  }
}
