package io.sluice.fetcher;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.sluice.core.lease.AddressDesk;
import io.sluice.core.lease.Ending;
import io.sluice.core.lease.Lease;
import io.sluice.core.lease.Offer;
import io.sluice.core.lease.Settlement;
import io.sluice.core.lease.Validators;
import io.sluice.core.lease.Visit;
import io.sluice.core.message.Page;
import io.sluice.core.resource.ResourceLedger;
import io.sluice.fetcher.handover.PageSink.Handed;
import io.sluice.fetcher.testing.HostileServer;
import io.sluice.fetcher.testing.RecordingDesk;
import io.sluice.fetcher.testing.RecordingDesk.End;
import io.sluice.fetcher.testing.TestSettings;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

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
    return Fetcher.open(settings.config(), desk, AddressDesk.UNLIMITED, desk, ledger, meters);
  }

  private End endOf(Lease lease) throws Exception {
    return desk.fate(lease).end().get(10, TimeUnit.SECONDS);
  }

  private End visit(Lease lease) throws Exception {
    try (Fetcher fetcher = open()) {
      fetcher.take(lease);
      return endOf(lease);
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
          .isEqualTo(new Visit(null, null, true, responseTime(lease), false));
      assertThat(responseTime(lease)).isPositive();
    }
  }

  @Test
  void anErrorPageOfAFinalStatusIsAPage() throws Exception {
    try (HostileServer server = HostileServer.answering(HostileServer.response(404, "gone"))) {
      Lease lease = desk.lease(server.url("/"));

      assertThat(visit(lease)).isEqualTo(new End.Outstanding(1));
      assertThat(desk.fate(lease).page().join().status()).isEqualTo(404);
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
          .isEqualTo(new End.Settled(new Settlement.Retry(Duration.ofSeconds(7), "server-error")));
      assertThat(desk.fate(lease).visit())
          .isEqualTo(new Visit(null, Duration.ofSeconds(7), true, responseTime(lease), true));
    }
  }

  @Test
  void aSpecialAddressIsRefusedBeforeAConnection() throws Exception {
    settings.allow = List.of();
    try (HostileServer server = HostileServer.answering(HostileServer.response(200, "secret"))) {
      Lease lease = desk.lease(server.url("/"));

      Settlement.Done done = doneAfter(lease);

      assertThat(done.end().ending()).isEqualTo(Ending.REFUSED);
      assertThat(done.end().reason()).isEqualTo("address-forbidden");
      assertThat(server.connections()).isZero();
      assertThat(desk.fate(lease).visit()).isEqualTo(Visit.UNREQUESTED);
    }
  }

  @Test
  void aPortThatIsNotNamedIsRefused() throws Exception {
    settings.ports = List.of(80);
    Lease lease = desk.lease("http://127.0.0.1:81/");

    assertThat(doneAfter(lease).end().reason()).isEqualTo("port-forbidden");
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
  void aPageThatTheSinkDidNotSendIsGivenBack() throws Exception {
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
