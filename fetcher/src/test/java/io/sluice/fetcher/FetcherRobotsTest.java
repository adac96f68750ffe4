package io.sluice.fetcher;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.sluice.core.lease.AddressDesk;
import io.sluice.core.lease.Ending;
import io.sluice.core.lease.Lease;
import io.sluice.core.lease.Settlement;
import io.sluice.core.lease.UrlEnd;
import io.sluice.core.lease.Visit;
import io.sluice.core.resource.ResourceLedger;
import io.sluice.fetcher.testing.HostileServer;
import io.sluice.fetcher.testing.RecordingDesk;
import io.sluice.fetcher.testing.RecordingDesk.End;
import io.sluice.fetcher.testing.TestSettings;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How robots.txt decides visits (RFC 9309), on real sockets. */
final class FetcherRobotsTest {
  private static final End PAGE = new End.Outstanding(1);

  private final TestSettings settings = new TestSettings();
  private final ResourceLedger ledger = new ResourceLedger();
  private final RecordingDesk desk = new RecordingDesk();
  private @Nullable Fetcher fetcher;

  FetcherRobotsTest() {
    settings.obeyRobots = true;
  }

  @AfterEach
  void nothingIsLeftOpen() {
    if (fetcher != null) {
      fetcher.close();
    }
    assertThat(ledger.entries()).isEmpty();
  }

  /** A server with that response to /robots.txt, and pages everywhere else. */
  private static HostileServer serverWith(String robotsResponse) {
    return serverWith(robotsResponse.getBytes(StandardCharsets.ISO_8859_1));
  }

  private static HostileServer serverWith(byte[] robotsResponse) {
    return HostileServer.start(
        talk -> {
          for (String head = talk.nextRequest(); head != null; head = talk.nextRequest()) {
            if (talk.path(head).equals("/robots.txt")) {
              talk.send(robotsResponse);
            } else {
              talk.send(HostileServer.response(200, "page"));
            }
          }
        });
  }

  private static String rules(String... lines) {
    return HostileServer.response(200, String.join("\n", lines) + "\n");
  }

  private Lease take(String url) {
    if (fetcher == null) {
      fetcher =
          Fetcher.open(
              settings.config(),
              desk,
              AddressDesk.UNLIMITED,
              desk,
              ledger,
              new SimpleMeterRegistry());
    }
    Lease lease = desk.lease(url);
    fetcher.take(lease);
    return lease;
  }

  private End endOf(Lease lease) throws Exception {
    return desk.fate(lease).end().get(10, TimeUnit.SECONDS);
  }

  private End visit(String url) throws Exception {
    return endOf(take(url));
  }

  private UrlEnd done(String url) throws Exception {
    return ((Settlement.Done) ((End.Settled) visit(url)).settlement()).end();
  }

  private static long robotsRequests(HostileServer server) {
    return server.requests().stream().filter(head -> head.startsWith("GET /robots.txt ")).count();
  }

  @Test
  void rulesAreObeyedAndReadOnce() throws Exception {
    try (HostileServer server = serverWith(rules("User-agent: *", "Disallow: /private"))) {
      assertThat(visit(server.url("/public"))).isEqualTo(PAGE);
      UrlEnd end = done(server.url("/private/1"));
      assertThat(end.ending()).isEqualTo(Ending.ROBOTS_DENIED);
      assertThat(end.reason()).isEqualTo("robots-disallow");
      assertThat(visit(server.url("/public/2"))).isEqualTo(PAGE);
      assertThat(robotsRequests(server)).isEqualTo(1);
    }
  }

  @Test
  void manyLeasesWaitForOneFetch() throws Exception {
    settings.connectionsPerHost = 4;
    try (HostileServer server = serverWith(rules("User-agent: *", "Disallow: /no"))) {
      List<Lease> leases =
          Stream.of("/1", "/2", "/3", "/no").map(path -> take(server.url(path))).toList();
      for (Lease lease : leases.subList(0, 3)) {
        assertThat(endOf(lease)).isEqualTo(PAGE);
      }
      assertThat(endOf(leases.getLast())).isNotEqualTo(PAGE);
      assertThat(robotsRequests(server)).isEqualTo(1);
    }
  }

  @Test
  void theHostsDelayComesBetweenRobotsAndPage() throws Exception {
    settings.delay = Duration.ofMillis(1);
    try (HostileServer server = serverWith(rules("User-agent: *", "Disallow: /no"))) {
      Lease first = take(server.url("/"));
      assertThat(endOf(first)).isEqualTo(new End.Settled(new Settlement.GiveBack()));
      assertThat(desk.fate(first).visit()).isEqualTo(new Visit(null, null, true));
      assertThat(visit(server.url("/"))).isEqualTo(PAGE);
      assertThat(server.requests()).hasSize(2);
    }
  }

  @Test
  void theCrawlDelayIsToldAndObeyed() throws Exception {
    try (HostileServer server = serverWith(rules("User-agent: *", "Crawl-delay: 3"))) {
      Lease first = take(server.url("/"));
      assertThat(endOf(first)).isEqualTo(new End.Settled(new Settlement.GiveBack()));
      assertThat(desk.fate(first).visit()).isEqualTo(new Visit(Duration.ofSeconds(3), null, true));
    }
  }

  @Test
  void aHostThatAsksForTooLongADelayIsSkipped() throws Exception {
    try (HostileServer server = serverWith(rules("User-agent: *", "Crawl-delay: 31"))) {
      UrlEnd end = done(server.url("/"));
      assertThat(end.ending()).isEqualTo(Ending.ROBOTS_DENIED);
      assertThat(end.reason()).isEqualTo("crawl-delay-too-long");
      assertThat(server.requests()).hasSize(1);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 401, 403, 404, 410, 451})
  void noRobotsMeansNoRules(int status) throws Exception {
    try (HostileServer server = serverWith(HostileServer.response(status, "none"))) {
      assertThat(visit(server.url("/"))).isEqualTo(PAGE);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {429, 500, 503})
  void unreachableRobotsForbidForNow(int status) throws Exception {
    try (HostileServer server = serverWith(HostileServer.response(status, "busy"))) {
      assertThat(visit(server.url("/")))
          .isEqualTo(
              new End.Settled(new Settlement.Retry(settings.retryDelay, "robots-unreachable")));
      assertThat(visit(server.url("/2"))).isInstanceOf(End.Settled.class);
      assertThat(server.requests()).hasSize(1);
    }
  }

  @Test
  void robotsThatBreakOffAreUnreachable() throws Exception {
    try (HostileServer server =
        HostileServer.start(
            talk -> {
              talk.nextRequest();
              talk.send("HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nUser-ag");
            })) {
      assertThat(visit(server.url("/")))
          .isEqualTo(
              new End.Settled(new Settlement.Retry(settings.retryDelay, "robots-unreachable")));
    }
  }

  @Test
  void aHostThatCannotBeReachedIsReportedAsSuch() throws Exception {
    String url;
    try (HostileServer gone = HostileServer.answering("")) {
      url = gone.url("/");
    }
    assertThat(visit(url))
        .isEqualTo(new End.Settled(new Settlement.Retry(settings.retryDelay, "connect-refused")));
  }

  @Test
  void redirectsAreFollowedAcrossHosts() throws Exception {
    try (HostileServer other = serverWith(rules("User-agent: *", "Disallow: /private"));
        HostileServer server =
            serverWith(
                HostileServer.response(
                    301, "", "Location: http://127.0.0.2:" + other.port() + "/robots.txt"))) {
      // 127.0.0.2 is another host, on another lane perhaps; nothing listens there.
      assertThat(visit(server.url("/")))
          .isEqualTo(
              new End.Settled(new Settlement.Retry(settings.retryDelay, "robots-unreachable")));
    }
    try (HostileServer other = serverWith(rules("User-agent: *", "Disallow: /private"));
        HostileServer server =
            serverWith(HostileServer.response(301, "", "Location: " + other.url("/robots.txt")))) {
      assertThat(done(server.url("/private")).reason()).isEqualTo("robots-disallow");
      assertThat(other.requests()).hasSize(1);
    }
  }

  @Test
  void endlessRedirectsMeanNoRules() throws Exception {
    try (HostileServer server =
        serverWith(HostileServer.response(302, "", "Location: /robots.txt"))) {
      assertThat(visit(server.url("/"))).isEqualTo(PAGE);
      assertThat(robotsRequests(server)).isEqualTo(6);
    }
  }

  @Test
  void aRedirectIntoAForbiddenPlaceIsNotFollowed() throws Exception {
    try (HostileServer server =
        serverWith(HostileServer.response(302, "", "Location: http://10.0.0.1/robots.txt"))) {
      assertThat(visit(server.url("/")))
          .isEqualTo(
              new End.Settled(new Settlement.Retry(settings.retryDelay, "robots-unreachable")));
    }
  }

  @Test
  void whatIsBeyondTheBoundIsNotRead() throws Exception {
    String long500 = "User-agent: *\nDisallow: /early\n" + "#".repeat(500 * 1024);
    try (HostileServer server =
        serverWith(HostileServer.response(200, long500 + "\nDisallow: /late\n"))) {
      assertThat(done(server.url("/early")).reason()).isEqualTo("robots-disallow");
      assertThat(visit(server.url("/late"))).isEqualTo(PAGE);
    }
  }

  @Test
  void gzipThatNobodyAskedForIsInflatedWithinTheBound() throws Exception {
    byte[] file =
        ("User-agent: *\nDisallow: /early\n" + "#\n".repeat(20 << 20))
            .getBytes(StandardCharsets.US_ASCII);
    try (HostileServer server = serverWith(gzipped(file))) {
      assertThat(done(server.url("/early")).reason()).isEqualTo("robots-disallow");
      assertThat(visit(server.url("/other"))).isEqualTo(PAGE);
    }
  }

  private static byte[] gzipped(byte[] file) throws IOException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(body)) {
      gzip.write(file);
    }
    ByteArrayOutputStream response = new ByteArrayOutputStream();
    response.writeBytes(
        ("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: " + body.size() + "\r\n\r\n")
            .getBytes(StandardCharsets.US_ASCII));
    response.writeBytes(body.toByteArray());
    return response.toByteArray();
  }

  @Test
  void robotsMayBeIgnored() throws Exception {
    settings.obeyRobots = false;
    try (HostileServer server = serverWith(rules("User-agent: *", "Disallow: /"))) {
      assertThat(visit(server.url("/"))).isEqualTo(PAGE);
      assertThat(robotsRequests(server)).isZero();
    }
  }
}
