package io.sluice.fetcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.sluice.core.lease.AddressDesk;
import io.sluice.core.lease.Ending;
import io.sluice.core.lease.Lease;
import io.sluice.core.lease.Settlement;
import io.sluice.core.lease.Visit;
import io.sluice.core.resource.ResourceKind;
import io.sluice.core.resource.ResourceLedger;
import io.sluice.fetcher.testing.HostileServer;
import io.sluice.fetcher.testing.RecordingDesk;
import io.sluice.fetcher.testing.RecordingDesk.End;
import io.sluice.fetcher.testing.TestNameServer;
import io.sluice.fetcher.testing.TestNameServer.Answer;
import io.sluice.fetcher.testing.TestSettings;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Names on the way to a page, with a real name server. */
final class FetcherDnsTest {
  private static final End PAGE = new End.Outstanding(1);

  private final TestSettings settings = new TestSettings();
  private final ResourceLedger ledger = new ResourceLedger();
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final RecordingDesk desk = new RecordingDesk();
  private @Nullable TestNameServer names;
  private @Nullable Fetcher fetcher;

  @AfterEach
  void nothingIsLeftOpen() {
    if (fetcher != null) {
      fetcher.close();
    }
    if (names != null) {
      names.close();
    }
    assertThat(ledger.entries()).isEmpty();
  }

  private TestNameServer serve(Function<String, Answer> zone) {
    TestNameServer started = TestNameServer.start(zone);
    names = started;
    settings.nameServers = List.of(started.address());
    return started;
  }

  private Lease take(String url) {
    if (fetcher == null) {
      fetcher = Fetcher.open(settings.config(), desk, AddressDesk.UNLIMITED, desk, ledger, meters);
    }
    Lease lease = desk.lease(url);
    fetcher.take(lease);
    return lease;
  }

  private End endOf(Lease lease) throws Exception {
    return desk.fate(lease).end().get(10, TimeUnit.SECONDS);
  }

  @Test
  void aNameIsLookedUpOnceForManyPages() throws Exception {
    TestNameServer server = serve(_ -> new Answer.Address("127.0.0.1", 60));
    settings.keepAlive = Duration.ZERO;
    try (HostileServer web =
        HostileServer.answering(HostileServer.response(200, "x", "Connection: close"))) {
      for (int i = 0; i < 5; i++) {
        assertThat(endOf(take("http://page.test:" + web.port() + "/" + i))).isEqualTo(PAGE);
      }
      assertThat(web.connections()).isEqualTo(5);
      assertThat(server.questions()).containsExactly("page.test");
      assertThat(web.requests().getFirst()).contains("\r\nHost: page.test:" + web.port() + "\r\n");
    }
  }

  @Test
  void noSocketStaysOpenAfterALookUp() throws Exception {
    serve(_ -> new Answer.NoSuchName());
    endOf(take("http://none.test/"));
    await().untilAsserted(() -> assertThat(ledger.open()).doesNotContainKey(ResourceKind.DNS));
  }

  @Test
  void aNameThatDoesNotExistFailsForGood() throws Exception {
    serve(_ -> new Answer.NoSuchName());
    Lease lease = take("http://none.test/");

    Settlement.Done done = (Settlement.Done) ((End.Settled) endOf(lease)).settlement();
    assertThat(done.end().ending()).isEqualTo(Ending.FAILED);
    assertThat(done.end().reason()).isEqualTo("dns-not-found");
    assertThat(desk.fate(lease).visit()).isEqualTo(Visit.UNREQUESTED);
    assertThat(meters.get("sluice.dns.lookups").tag("result", "dns-not-found").counter().count())
        .isEqualTo(1);
  }

  @Test
  void aFailingNameServerIsAskedAgainLater() throws Exception {
    serve(_ -> new Answer.ServerFailure());
    assertThat(endOf(take("http://broken.test/")))
        .isEqualTo(new End.Settled(new Settlement.Retry(settings.retryDelay, "dns-failed")));
  }

  @Test
  void aSilentNameServerIsGivenUpInTime() throws Exception {
    settings.dnsTimeout = Duration.ofMillis(300);
    serve(_ -> new Answer.Silence());
    assertThat(endOf(take("http://silent.test/")))
        .isEqualTo(new End.Settled(new Settlement.Retry(settings.retryDelay, "dns-timeout")));
  }

  @Test
  void aNameThatPointsInwardsIsRefused() throws Exception {
    serve(_ -> new Answer.Address("10.0.0.1", 60));
    Settlement.Done done =
        (Settlement.Done) ((End.Settled) endOf(take("http://inward.test/"))).settlement();
    assertThat(done.end().ending()).isEqualTo(Ending.REFUSED);
    assertThat(done.end().reason()).isEqualTo("address-forbidden");
  }

  @Test
  void aNameThatTurnsInwardsBetweenTwoVisitsIsRefusedThen() throws Exception {
    AtomicInteger asked = new AtomicInteger();
    serve(_ -> new Answer.Address(asked.getAndIncrement() == 0 ? "127.0.0.1" : "10.0.0.1", 0));
    try (HostileServer web =
        HostileServer.answering(HostileServer.response(200, "x", "Connection: close"))) {
      String url = "http://rebinding.test:" + web.port() + "/";
      assertThat(endOf(take(url))).isEqualTo(PAGE);
      Settlement.Done done = (Settlement.Done) ((End.Settled) endOf(take(url))).settlement();
      assertThat(done.end().reason()).isEqualTo("address-forbidden");
    }
  }

  @Test
  void closingWhileANameIsLookedUpGivesTheLeaseBack() throws Exception {
    TestNameServer server = serve(_ -> new Answer.Silence());
    Lease lease = take("http://silent.test/");
    await().until(() -> !server.questions().isEmpty());
    if (fetcher != null) {
      fetcher.close();
    }
    assertThat(endOf(lease)).isEqualTo(new End.Settled(new Settlement.GiveBack()));
  }
}
