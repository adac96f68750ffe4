package io.sluice.fetcher;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.sluice.core.lease.Ending;
import io.sluice.core.lease.Finding;
import io.sluice.core.lease.Lease;
import io.sluice.core.lease.Offer;
import io.sluice.core.lease.Reason;
import io.sluice.core.lease.Ruling;
import io.sluice.core.lease.Settlement;
import io.sluice.core.lease.Validators;
import io.sluice.core.lease.Visit;
import io.sluice.core.message.Page;
import io.sluice.core.resource.ResourceLedger;
import io.sluice.fetcher.handover.PagePublisher.Handed;
import io.sluice.fetcher.testing.HostileServer;
import io.sluice.fetcher.testing.RecordingDesk;
import io.sluice.fetcher.testing.RecordingDesk.End;
import io.sluice.fetcher.testing.TestSettings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** From a lease to its end, on real sockets. */
final class FetcherTest {
  private final TestSettings settings = new TestSettings();
  private final ResourceLedger ledger = new ResourceLedger();
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final RecordingDesk desk = new RecordingDesk();

  @AfterEach
  void nothingIsLeftOpen() {
    assertThat(ledger.entries()).isEmpty();
  }

  private Fetcher open() {
    return desk.fetcher(settings, ledger, meters);
  }

  private End visit(Lease lease) throws Exception {
    try (Fetcher fetcher = open()) {
      fetcher.take(lease);
      return desk.endOf(lease);
    }
  }

  private Duration responseTime(Lease lease) {
    return Objects.requireNonNull(desk.fate(lease).visit()).responseTime();
  }

  private Settlement.Done doneAfter(Lease lease) throws Exception {
    return (Settlement.Done) ((End.Settled) visit(lease)).settlement();
  }

  @Test
  void aPageIsHandedOverWithEverythingTheServerSent() throws Exception {
    String response =
        HostileServer.response(
            200, "<p>hello</p>", "Content-Type: text/html", "X-Twice: 1", "X-Twice: 2");
    try (HostileServer server = HostileServer.answering(response)) {
      Lease lease = desk.lease(server.url("/a?b=c"), 2, List.of("http://first/"));

      assertThat(visit(lease)).isEqualTo(new End.Outstanding(1));

      Page page = desk.fate(lease).page().join();
      assertThat(page.lease()).isEqualTo(lease.id());
      assertThat(page.url()).isEqualTo(server.url("/a?b=c"));
      assertThat(page.via()).isEqualTo("http://via/");
      assertThat(page.redirects()).containsExactly("http://first/");
      assertThat(page.depth()).isEqualTo(2);
      assertThat(page.attempt()).isEqualTo(2);
      assertThat(page.protocol()).isEqualTo("HTTP/1.1");
      assertThat(page.status()).isEqualTo(200);
      assertThat(page.statusText()).isEqualTo("Some Reason");
      assertThat(page.ip()).isEqualTo("127.0.0.1");
      assertThat(page.truncated()).isFalse();
      assertThat(page.headers())
          .extracting(header -> header.name() + ": " + header.value())
          .containsExactly(
              "Content-Type: text/html", "X-Twice: 1", "X-Twice: 2", "Content-Length: 12");
      assertThat(new String(page.body().bytes(), StandardCharsets.UTF_8)).isEqualTo("<p>hello</p>");
      assertThat(page.requestHead() + "\r\n\r\n").isEqualTo(server.requests().getFirst());
      assertThat(page.requestHead())
          .isEqualTo(
              "GET /a?b=c HTTP/1.1\r\nHost: 127.0.0.1:"
                  + server.port()
                  + "\r\nUser-Agent: "
                  + settings.userAgent
                  + "\r\nAccept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
                  + "\r\nAccept-Encoding: gzip, deflate, br, zstd\r\nConnection: keep-alive");
      assertThat(desk.fate(lease).visit())
          .isEqualTo(new Visit(null, null, true, responseTime(lease), Finding.GOOD, null));
      assertThat(responseTime(lease)).isPositive();
    }
  }

  @Test
  void aFirstVisitThatEndsBeforeTheUsualTimeoutsDoesNotChargeItsUrl() throws Exception {
    settings.attempts = 1;
    settings.firstByteTimeout = Duration.ofMinutes(1);
    settings.totalTimeout = Duration.ofMinutes(1);
    desk.ruling = Ruling.SPARED;
    try (HostileServer silent = HostileServer.start(HostileServer.Talk::stall);
        HostileServer dripping = HostileServer.start(FetcherTest::drip)) {
      Lease unheard = desk.firstVisit(silent.url("/"), Duration.ofMillis(100));
      assertThat(visit(unheard)).isEqualTo(postponed(Reason.FIRST_BYTE_TIMEOUT));
      assertThat(found(unheard)).isEqualTo(Finding.CUT_SHORT);
      Lease slow = desk.firstVisit(dripping.url("/"), Duration.ofMillis(200));
      assertThat(visit(slow)).isEqualTo(postponed(Reason.TOTAL_TIMEOUT));
      assertThat(found(slow)).isEqualTo(Finding.CUT_SHORT);
    }
  }

  @Test
  void aVisitThatHadItsWholeTimeMayChargeItsUrl() throws Exception {
    settings.firstByteTimeout = Duration.ofMillis(100);
    settings.totalTimeout = Duration.ofMillis(400);
    try (HostileServer silent = HostileServer.start(HostileServer.Talk::stall);
        HostileServer dripping = HostileServer.start(FetcherTest::drip)) {
      Lease first = desk.firstVisit(silent.url("/"), Duration.ofSeconds(10));
      visit(first);
      assertThat(found(first)).as("the usual timeout").isEqualTo(Finding.NO_ANSWER);
      Lease slow = desk.firstVisit(dripping.url("/"), Duration.ofSeconds(10));
      visit(slow);
      assertThat(found(slow)).as("the usual total").isEqualTo(Finding.NO_ANSWER);
      settings.firstByteTimeout = Duration.ofMinutes(1);
      Lease later = desk.laterVisit(silent.url("/"), Duration.ofMillis(100));
      visit(later);
      assertThat(found(later)).as("not the first visit").isEqualTo(Finding.NO_ANSWER);
    }
  }

  private Finding found(Lease lease) {
    return Objects.requireNonNull(desk.fate(lease).visit()).finding();
  }

  private static End postponed(Reason reason) {
    return new End.Settled(new Settlement.Postpone(reason));
  }

  private static void drip(HostileServer.Talk talk) throws IOException, InterruptedException {
    talk.nextRequest();
    talk.send("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n");
    talk.drip("x".repeat(1000), 20);
  }

  @Test
  void anErrorPageOfAFinalStatusIsAPage() throws Exception {
    try (HostileServer server = HostileServer.answering(HostileServer.response(404, "gone"))) {
      Lease lease = desk.lease(server.url("/"));

      assertThat(visit(lease)).isEqualTo(new End.Outstanding(1));
      assertThat(desk.fate(lease).page().join().status()).isEqualTo(404);
    }
  }

  @Test
  void aUrlOnAStaleConnectionGoesBackChargedAndItsNextAttemptHasANewConnection() throws Exception {
    try (HostileServer server =
            HostileServer.start(
                talk -> {
                  talk.nextRequest();
                  talk.send(HostileServer.response(200, "x"));
                  talk.nextRequest(); // then closes instead of answering
                });
        Fetcher fetcher = open()) {
      Lease good = desk.lease(server.url("/good"));
      fetcher.take(good);
      assertThat(desk.endOf(good)).isInstanceOf(End.Outstanding.class);

      Lease stale = desk.lease(server.url("/stale"));
      fetcher.take(stale);
      assertThat(desk.endOf(stale))
          .isEqualTo(new End.Settled(new Settlement.Retry(Duration.ZERO, Reason.STALE_CONNECTION)));

      Lease again = desk.lease(server.url("/stale"), 2, List.of());
      fetcher.take(again);
      assertThat(desk.endOf(again)).isInstanceOf(End.Outstanding.class);
      assertThat(server.connections()).isEqualTo(2);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "/caf\u00c3\u00a9/\u00d0\u00b4, /caf%C3%A9/%D0%B4",
    "/find?q=\u00d0\u00b4, /find?q=%D0%B4",
    "/caf\u00e9?q=\u00e9, /caf%E9?q=%E9"
  })
  void aLocationIsBytes(String location, String asked) throws Exception {
    String redirect = HostileServer.response(302, "", "Location: " + location);
    try (HostileServer server = HostileServer.answering(redirect)) {
      assertThat(doneAfter(desk.lease(server.url("/"))).offers())
          .extracting(offer -> offer.url().pathAndQuery())
          .containsExactly(asked);
    }
  }

  @Test
  void anEmptyLocationIsNoRedirect() throws Exception {
    String response = HostileServer.response(302, "a page", "Location: ");
    try (HostileServer server = HostileServer.answering(response)) {
      Lease lease = desk.lease(server.url("/"));
      assertThat(visit(lease)).isEqualTo(new End.Outstanding(1));
      assertThat(desk.fate(lease).page().join().status()).isEqualTo(302);
    }
  }

  private static final Validators KNOWN = new Validators("\"v1\"", "Sat, 21 Nov 2026 10:00:00 GMT");

  private static final String UNCHANGED = "HTTP/1.1 304 Not Modified\r\nETag: \"v1\"\r\n\r\n";

  @Test
  void aPageThatHasNotChangedEndsWithoutBeingHandedOver() throws Exception {
    try (HostileServer server = HostileServer.answering(UNCHANGED)) {
      Settlement.Done done = doneAfter(desk.revisit(server.url("/"), KNOWN));

      assertThat(done.end().ending()).isEqualTo(Ending.UNCHANGED);
      assertThat(done.end().reason()).isEqualTo("not-modified");
      assertThat(done.end().status()).isEqualTo(304);
      assertThat(done.offers()).isEmpty();
      assertThat(server.requests().getFirst())
          .contains("\r\nIf-None-Match: \"v1\"\r\n")
          .contains("\r\nIf-Modified-Since: Sat, 21 Nov 2026 10:00:00 GMT\r\n\r\n");
    }
  }

  @Test
  void aServerThatIgnoresTheConditionSendsAPage() throws Exception {
    try (HostileServer server = HostileServer.answering(HostileServer.response(200, "same"))) {
      Lease lease = desk.revisit(server.url("/"), new Validators(null, KNOWN.lastModified()));

      assertThat(visit(lease)).isEqualTo(new End.Outstanding(1));
      assertThat(desk.fate(lease).page().join().requestHead())
          .contains("If-Modified-Since")
          .doesNotContain("If-None-Match");
    }
  }

  @Test
  void whatWasNotAskedForIsNoAnswer() throws Exception {
    try (HostileServer server = HostileServer.answering(UNCHANGED)) {
      Lease lease = desk.lease(server.url("/"));

      assertThat(visit(lease)).isEqualTo(new End.Outstanding(1));
      assertThat(desk.fate(lease).page().join().status()).isEqualTo(304);
    }
  }

  @Test
  void aRedirectOffersItsTargetWithTheChainThatLedThere() throws Exception {
    String response = HostileServer.response(302, "", "Location: ../next#part");
    try (HostileServer server = HostileServer.answering(response)) {
      Lease lease = desk.lease(server.url("/a/b"), 1, List.of("http://first/"));

      Settlement.Done done = doneAfter(lease);

      assertThat(done.end().ending()).isEqualTo(Ending.REDIRECTED);
      assertThat(done.end().status()).isEqualTo(302);
      assertThat(done.end().ip()).isEqualTo("127.0.0.1");
      assertThat(done.offers())
          .containsExactly(
              new Offer(
                  RecordingDesk.url(server.url("/next")),
                  lease.depth(),
                  lease.url().href(),
                  List.of("http://first/", lease.url().href()),
                  RecordingDesk.LABELS));
    }
  }

  @Test
  void oneRedirectTooManyFails() throws Exception {
    String response = HostileServer.response(302, "", "Location: /next");
    try (HostileServer server = HostileServer.answering(response)) {
      Lease lease = desk.lease(server.url("/"), 1, List.of("http://1/", "http://2/", "http://3/"));

      Settlement.Done done = doneAfter(lease);

      assertThat(done.end().ending()).isEqualTo(Ending.FAILED);
      assertThat(done.end().reason()).isEqualTo("too-many-redirects");
      assertThat(done.offers()).isEmpty();
    }
  }

  @Test
  void aBusyServerIsAskedAgainAndNotBeforeItSays() throws Exception {
    String response = HostileServer.response(503, "busy", "Retry-After: 7");
    try (HostileServer server = HostileServer.answering(response)) {
      Lease lease = desk.lease(server.url("/"));

      assertThat(visit(lease))
          .isEqualTo(
              new End.Settled(new Settlement.Retry(Duration.ofSeconds(7), Reason.SERVER_ERROR)));
      assertThat(desk.fate(lease).visit())
          .isEqualTo(
              new Visit(
                  null,
                  Duration.ofSeconds(7),
                  true,
                  responseTime(lease),
                  Finding.ERROR_ANSWER,
                  Reason.SERVER_ERROR));
      assertThat(
              meters.get("sluice.fetch.failures").tag("reason", "server-error").counter().count())
          .as("failed attempts")
          .isEqualTo(1);
      assertThat(meters.get("sluice.responses").tag("status", "5xx").counter().count())
          .isEqualTo(1);
    }
  }

  @Test
  void aSpecialAddressIsRefusedBeforeAConnection() throws Exception {
    settings.allow = List.of();
    try (HostileServer server = HostileServer.answering(HostileServer.response(200, "secret"))) {
      Lease lease = desk.lease(server.url("/"));

      assertThat(visit(lease))
          .isEqualTo(new End.Settled(new Settlement.SetAside(Reason.ADDRESS_FORBIDDEN)));
      assertThat(server.connections()).isZero();
      assertThat(desk.fate(lease).visit()).isEqualTo(Visit.UNREQUESTED);
    }
  }

  @Test
  void aPortThatIsNotNamedIsRefused() throws Exception {
    settings.ports = List.of(80);
    Lease lease = desk.lease("http://127.0.0.1:81/");

    assertThat(visit(lease))
        .isEqualTo(new End.Settled(new Settlement.SetAside(Reason.PORT_FORBIDDEN)));
  }

  @Test
  void aLeaseWhoseHandOverFailsByADefectEndsAsFailed() throws Exception {
    desk.handed = CompletableFuture.failedFuture(new IllegalStateException("a defect"));
    try (HostileServer server = HostileServer.answering(HostileServer.response(200, "page"))) {
      Settlement.Done done = doneAfter(desk.lease(server.url("/")));

      assertThat(done.end().ending()).isEqualTo(Ending.FAILED);
      assertThat(done.end().reason()).isEqualTo("internal-error");
      assertThat(meters.get("sluice.fetches.in.flight").gauge().value()).isZero();
    }
  }

  @Test
  void aPageThatThePublisherDidNotSendIsGivenBack() throws Exception {
    desk.handed = CompletableFuture.completedFuture(new Handed.NotSent());
    try (HostileServer server = HostileServer.answering(HostileServer.response(200, "page"))) {
      assertThat(visit(desk.lease(server.url("/"))))
          .isEqualTo(new End.Settled(new Settlement.GiveBack()));
    }
  }

  @Test
  void aPageInDoubtIsOutstandingSoThatItCanBecomeOverdue() throws Exception {
    desk.handed = CompletableFuture.completedFuture(new Handed.InDoubt(7));
    try (HostileServer server = HostileServer.answering(HostileServer.response(200, "page"))) {
      assertThat(visit(desk.lease(server.url("/")))).isEqualTo(new End.Outstanding(7));
      assertThat(meters.get("sluice.fetches.in.flight").gauge().value()).isZero();
    }
  }
}
