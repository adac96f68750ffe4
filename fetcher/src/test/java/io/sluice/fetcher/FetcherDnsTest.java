package io.sluice.fetcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.sluice.core.lease.Ending;
import io.sluice.core.lease.Finding;
import io.sluice.core.lease.Lease;
import io.sluice.core.lease.Reason;
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
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Name lookups of visits, against a name server on loopback. */
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
    Lease lease = desk.lease(url);
    fetcher().take(lease);
    return lease;
  }

  private Fetcher fetcher() {
    Fetcher open = fetcher;
    if (open == null) {
      open = desk.fetcher(settings, ledger, meters);
      fetcher = open;
    }
    return open;
  }

  @Test
  void aNameIsLookedUpOnceForManyPages() throws Exception {
    TestNameServer server = serve(_ -> new Answer.Address("127.0.0.1", 60));
    settings.keepAlive = Duration.ZERO;
    try (HostileServer web =
        HostileServer.answering(HostileServer.response(200, "x", "Connection: close"))) {
      for (int i = 0; i < 5; i++) {
        assertThat(desk.endOf(take("http://page.test:" + web.port() + "/" + i))).isEqualTo(PAGE);
      }
      assertThat(web.connections()).isEqualTo(5);
      assertThat(server.questions()).containsExactly("page.test");
      assertThat(web.requests().getFirst()).contains("\r\nHost: page.test:" + web.port() + "\r\n");
    }
  }

  @Test
  void aLookupTakesNoConnectionsPlace() throws Exception {
    settings.connections = 1;
    serveAllButMuteNames();
    try (HostileServer web = HostileServer.answering(HostileServer.response(200, "x"))) {
      Lease mute = take("http://mute.test:" + web.port() + "/");
      assertThat(desk.endOf(take("http://page.test:" + web.port() + "/"))).isEqualTo(PAGE);
      assertThat(desk.fate(mute).end()).isNotDone();
    }
  }

  @Test
  void lookupsOfProvenHostsDoNotWaitForNamesThatAreNeverAnswered() throws Exception {
    settings.lookUps = 4;
    serveAllButMuteNames();
    List<Lease> mute = new ArrayList<>();
    try (HostileServer web = HostileServer.answering(HostileServer.response(200, "x"))) {
      for (int i = 0; i < 20; i++) {
        Lease lease = desk.firstVisit("http://mute" + i + ".test:" + web.port() + "/");
        mute.add(lease);
        fetcher().take(lease);
      }
      assertThat(desk.endOf(take("http://page.test:" + web.port() + "/"))).isEqualTo(PAGE);
      assertThat(mute).allSatisfy(lease -> assertThat(desk.fate(lease).end()).isNotDone());
    }
  }

  @Test
  void aLookupThatIsGivenUpMakesRoomForTheNextAtOnce() throws Exception {
    settings.lookUps = 4;
    serveAllButMuteNames();
    List<Lease> mute = new ArrayList<>();
    try (HostileServer web = HostileServer.answering(HostileServer.response(200, "x"))) {
      for (int i = 0; i < 20; i++) {
        String url = "http://mute" + i + ".test:" + web.port() + "/";
        mute.add(desk.firstVisit(url, Duration.ofMillis(200)));
      }
      mute.forEach(fetcher()::take);
      for (Lease lease : mute) {
        desk.endOf(lease);
      }
      Lease page = desk.firstVisit("http://page.test:" + web.port() + "/", Duration.ofMinutes(1));
      fetcher().take(page);
      assertThat(desk.endOf(page)).isEqualTo(PAGE);
    }
  }

  @Test
  void whatALookupWaitsForItsTurnIsNotTakenFromTheHostsTime() throws Exception {
    settings.lookUps = 4;
    serveAllButMuteNames();
    try (HostileServer web =
        HostileServer.start(
            talk -> {
              talk.nextRequest();
              talk.pause(700);
              talk.send(HostileServer.response(200, "x"));
            })) {
      for (int i = 0; i < 8; i++) {
        String url = "http://mute" + i + ".test:" + web.port() + "/";
        fetcher().take(desk.firstVisit(url, Duration.ofMillis(300)));
      }
      Lease page = desk.firstVisit("http://page.test:" + web.port() + "/", Duration.ofSeconds(1));
      fetcher().take(page);
      assertThat(desk.endOf(page)).isEqualTo(PAGE);
    }
  }

  @Test
  void aLookupWhoseTurnNeverCameSaysNothingOfItsHost() throws Exception {
    settings.lookUps = 1;
    settings.dnsTimeout = Duration.ofMillis(300);
    serve(name -> name.startsWith("mute") ? new Answer.Silence() : new Answer.NoSuchName());
    List<Lease> leases = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      leases.add(take("http://mute" + i + ".test/"));
    }
    End asked = new End.Settled(new Settlement.Retry(settings.retryDelay, Reason.DNS_TIMEOUT));
    End notAsked = new End.Settled(new Settlement.GiveBack());
    List<End> ends = new ArrayList<>();
    for (Lease lease : leases) {
      ends.add(desk.endOf(lease));
    }
    assertThat(ends).containsOnly(asked, notAsked);
  }

  /** Starts a server that answers for all names except those that begin with "mute". */
  private void serveAllButMuteNames() {
    settings.dnsTimeout = Duration.ofMinutes(5);
    settings.totalTimeout = Duration.ofMinutes(5);
    serve(
        name ->
            name.startsWith("mute") ? new Answer.Silence() : new Answer.Address("127.0.0.1", 60));
  }

  @Test
  void lookupsShareAFewSockets() throws Exception {
    serve(_ -> new Answer.NoSuchName());
    for (int i = 0; i < 50; i++) {
      desk.endOf(take("http://none" + i + ".test/"));
      assertThat(ledger.open().getOrDefault(ResourceKind.DNS, 0)).isBetween(1, 4);
    }
  }

  @Test
  void aNameThatDoesNotExistFailsForGood() throws Exception {
    serve(_ -> new Answer.NoSuchName());
    Lease lease = take("http://none.test/");

    Settlement.Done done = (Settlement.Done) ((End.Settled) desk.endOf(lease)).settlement();
    assertThat(done.end().ending()).isEqualTo(Ending.FAILED);
    assertThat(done.end().reason()).isEqualTo("dns-not-found");
    assertThat(desk.fate(lease).visit())
        .isEqualTo(Visit.troubled(Finding.NO_NAME, Reason.DNS_NOT_FOUND, false));
    assertThat(meters.get("sluice.dns.lookups").tag("result", "dns-not-found").counter().count())
        .isEqualTo(1);
  }

  @Test
  void aFailingNameServerIsAskedAgainLater() throws Exception {
    serve(_ -> new Answer.ServerFailure());
    assertThat(desk.endOf(take("http://broken.test/")))
        .isEqualTo(new End.Settled(new Settlement.Retry(settings.retryDelay, Reason.DNS_FAILED)));
  }

  @Test
  void aSilentNameServerIsGivenUpInTime() throws Exception {
    settings.dnsTimeout = Duration.ofMillis(300);
    serve(_ -> new Answer.Silence());
    assertThat(desk.endOf(take("http://silent.test/")))
        .isEqualTo(new End.Settled(new Settlement.Retry(settings.retryDelay, Reason.DNS_TIMEOUT)));
  }

  @Test
  void aQueryThatIsLostIsSentAgainToTheOnlyServer() throws Exception {
    serveAllButFirstQueries();
    try (HostileServer web = HostileServer.answering(HostileServer.response(200, "x"))) {
      assertThat(desk.endOf(take("http://page.test:" + web.port() + "/"))).isEqualTo(PAGE);
    }
  }

  @Test
  void theShortestFirstVisitHasTimeForASecondQuery() throws Exception {
    settings.dnsTimeout = Duration.ofSeconds(5);
    serveAllButFirstQueries();
    Duration least = settings.config().fetcher().timeouts().leastFirstVisit();
    try (HostileServer web = HostileServer.answering(HostileServer.response(200, "x"))) {
      Lease lease = desk.firstVisit("http://page.test:" + web.port() + "/", least);
      fetcher().take(lease);
      assertThat(desk.endOf(lease)).isEqualTo(PAGE);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 2, 3, 5}) // no address, SERVFAIL, NXDOMAIN, REFUSED
  void aServerThatAnsweredIsNotAskedForTheSameAgain(int code) throws Exception {
    TestNameServer server = serve(_ -> new Answer.Code(code));
    desk.endOf(take("http://broken.test/"));
    assertThat(server.questions()).containsExactly("broken.test");
  }

  /** Starts a server that answers every query except the first of each address family. */
  private void serveAllButFirstQueries() {
    AtomicInteger asked = new AtomicInteger();
    serve(
        _ ->
            asked.getAndIncrement() < 2
                ? new Answer.Silence()
                : new Answer.Address("127.0.0.1", 60));
  }

  @ParameterizedTest
  @CsvSource({
    "1, DNS_TROUBLE, DNS_FAILED", // FORMERR
    "2, DNS_TROUBLE, DNS_FAILED", // SERVFAIL
    "3, NO_NAME, DNS_NOT_FOUND", // NXDOMAIN
    "4, DNS_TROUBLE, DNS_FAILED", // NOTIMP
    "5, DNS_TROUBLE, DNS_FAILED", // REFUSED
    "9, DNS_TROUBLE, DNS_FAILED" // NOTAUTH
  })
  void onlyNxdomainSaysThatANameDoesNotExist(int code, Finding finding, Reason reason)
      throws Exception {
    serve(_ -> new Answer.Code(code));
    Lease lease = take("http://name.test/");
    desk.endOf(lease);
    assertThat(desk.fate(lease).visit()).isEqualTo(Visit.troubled(finding, reason, false));
  }

  @Test
  void aNameWithoutAnAddressIsAnAnswerToo() throws Exception {
    serve(_ -> new Answer.Code(0));
    Lease lease = take("http://mail.test/");
    desk.endOf(lease);
    assertThat(desk.fate(lease).visit())
        .isEqualTo(Visit.troubled(Finding.NO_NAME, Reason.DNS_NOT_FOUND, false));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 4, 5})
  void aFailureOfTheNameServerIsNotRememberedAsAnAnswer(int code) throws Exception {
    AtomicInteger asked = new AtomicInteger();
    serve(
        _ ->
            asked.getAndIncrement() == 0
                ? new Answer.Code(code)
                : new Answer.Address("10.0.0.1", 60));
    desk.endOf(take("http://hiccup.test/"));
    assertThat(desk.endOf(take("http://hiccup.test/")))
        .isEqualTo(new End.Settled(new Settlement.SetAside(Reason.ADDRESS_FORBIDDEN)));
  }

  @Test
  void aNameThatDoesNotExistIsAskedForOnceUntilAProbeAsksAgain() throws Exception {
    TestNameServer server = serve(_ -> new Answer.NoSuchName());
    desk.endOf(take("http://none.test/1"));
    int before = server.questions().size();
    desk.endOf(take("http://none.test/2"));
    assertThat(server.questions()).hasSize(before);
    Lease probe = desk.probe("http://none.test/3");
    fetcher().take(probe);
    desk.endOf(probe);
    assertThat(server.questions()).hasSizeGreaterThan(before);
  }

  @Test
  void aNameForWhichNoServerAnswersIsNotTakenForSilenceOfTheServers() throws Exception {
    settings.dnsTimeout = Duration.ofMillis(200);
    serve(name -> name.isEmpty() ? new Answer.Code(0) : new Answer.Silence());
    for (int i = 0; i < 3; i++) {
      Lease lease = take("http://silent.test/" + i);
      desk.endOf(lease);
      assertThat(desk.fate(lease).visit())
          .isEqualTo(Visit.troubled(Finding.DNS_TROUBLE, Reason.DNS_TIMEOUT, false));
    }
  }

  @Test
  void nameServersThatAnswerNothingAreSaidToBeSilent() throws Exception {
    settings.dnsTimeout = Duration.ofMillis(200);
    serve(_ -> new Answer.Silence());
    desk.endOf(take("http://silent.test/"));
    await()
        .untilAsserted(
            () -> {
              Lease lease = take("http://silent.test/again");
              desk.endOf(lease);
              assertThat(desk.fate(lease).visit())
                  .isEqualTo(Visit.troubled(Finding.DNS_SILENCE, Reason.DNS_UNREACHABLE, false));
            });
  }

  @Test
  void aNameWhoseServerAnswersForOneFamilyOnlyIsInTroubleAndNotAbsent() throws Exception {
    settings.dnsTimeout = Duration.ofMillis(400);
    serve(_ -> new Answer.CodeUnlessAddress(0)); // no answer for A, an empty one for AAAA
    Lease lease = take("http://half.test/");
    desk.endOf(lease);
    assertThat(desk.fate(lease).visit())
        .isEqualTo(Visit.troubled(Finding.DNS_TROUBLE, Reason.DNS_TIMEOUT, false));
  }

  @Test
  void aNameThatPointsInwardsIsRefused() throws Exception {
    serve(_ -> new Answer.Address("10.0.0.1", 60));
    assertThat(desk.endOf(take("http://inward.test/")))
        .isEqualTo(new End.Settled(new Settlement.SetAside(Reason.ADDRESS_FORBIDDEN)));
  }

  @Test
  void aNameThatTurnsInwardsBetweenTwoVisitsIsRefusedThen() throws Exception {
    AtomicInteger asked = new AtomicInteger();
    serve(_ -> new Answer.Address(asked.getAndIncrement() == 0 ? "127.0.0.1" : "10.0.0.1", 0));
    try (HostileServer web =
        HostileServer.answering(HostileServer.response(200, "x", "Connection: close"))) {
      String url = "http://rebinding.test:" + web.port() + "/";
      assertThat(desk.endOf(take(url))).isEqualTo(PAGE);
      assertThat(desk.endOf(take(url)))
          .isEqualTo(new End.Settled(new Settlement.SetAside(Reason.ADDRESS_FORBIDDEN)));
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
    assertThat(desk.endOf(lease)).isEqualTo(new End.Settled(new Settlement.GiveBack()));
  }
}
