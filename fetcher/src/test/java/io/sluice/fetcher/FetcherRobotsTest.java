package io.sluice.fetcher;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.sluice.core.lease.AddressDesk;
import io.sluice.core.lease.Ending;
import io.sluice.core.lease.HostDesk;
import io.sluice.core.lease.Lease;
import io.sluice.core.lease.LeaseId;
import io.sluice.core.lease.Reason;
import io.sluice.core.lease.Settlement;
import io.sluice.core.lease.UrlEnd;
import io.sluice.core.lease.Visit;
import io.sluice.core.resource.ResourceLedger;
import io.sluice.core.testing.Corpora;
import io.sluice.fetcher.testing.HostileServer;
import io.sluice.fetcher.testing.RecordingDesk;
import io.sluice.fetcher.testing.RecordingDesk.End;
import io.sluice.fetcher.testing.TestSettings;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
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
  private HostDesk hosts = HostDesk.UNLIMITED;
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

  /** Starts a server with the given response to /robots.txt, and pages everywhere else. */
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
              hosts,
              desk,
              ledger,
              new SimpleMeterRegistry());
    }
    Lease lease = desk.lease(url);
    fetcher.take(lease);
    return lease;
  }

  private End visit(String url) throws Exception {
    return desk.endOf(take(url));
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
        assertThat(desk.endOf(lease)).isEqualTo(PAGE);
      }
      assertThat(desk.endOf(leases.getLast())).isNotEqualTo(PAGE);
      assertThat(robotsRequests(server)).isEqualTo(1);
    }
  }

  @Test
  void theHostsDelayComesBetweenRobotsAndPage() throws Exception {
    settings.delay = Duration.ofMillis(1);
    try (HostileServer server = serverWith(rules("User-agent: *", "Disallow: /no"))) {
      Lease first = take(server.url("/"));
      assertThat(desk.endOf(first)).isEqualTo(new End.Settled(new Settlement.GiveBack()));
      assertThat(desk.fate(first).visit()).isEqualTo(new Visit(null, null, true));
      assertThat(visit(server.url("/"))).isEqualTo(PAGE);
      assertThat(server.requests()).hasSize(2);
    }
  }

  @Test
  void theCrawlDelayIsToldAndObeyed() throws Exception {
    try (HostileServer server = serverWith(rules("User-agent: *", "Crawl-delay: 3"))) {
      Lease first = take(server.url("/"));
      assertThat(desk.endOf(first)).isEqualTo(new End.Settled(new Settlement.GiveBack()));
      assertThat(desk.fate(first).visit()).isEqualTo(new Visit(Duration.ofSeconds(3), null, true));
    }
  }

  @Test
  void aHostThatAsksForTooLongADelayIsSkipped() throws Exception {
    try (HostileServer server = serverWith(rules("User-agent: *", "Crawl-delay: 31"))) {
      assertThat(visit(server.url("/")))
          .isEqualTo(new End.Settled(new Settlement.SetAside(Reason.CRAWL_DELAY_TOO_LONG)));
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
              new End.Settled(
                  new Settlement.Retry(settings.retryDelay, Reason.ROBOTS_UNREACHABLE)));
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
              new End.Settled(
                  new Settlement.Retry(settings.retryDelay, Reason.ROBOTS_UNREACHABLE)));
    }
  }

  @Test
  void aHostThatCannotBeReachedIsReportedAsSuch() throws Exception {
    String url;
    try (HostileServer gone = HostileServer.answering("")) {
      url = gone.url("/");
    }
    assertThat(visit(url))
        .isEqualTo(
            new End.Settled(new Settlement.Retry(settings.retryDelay, Reason.CONNECT_REFUSED)));
  }

  @Test
  void redirectsAreFollowedAcrossHosts() throws Exception {
    try (HostileServer other = serverWith(rules("User-agent: *", "Disallow: /private"));
        HostileServer server =
            serverWith(
                HostileServer.response(
                    301, "", "Location: http://127.0.0.2:" + other.port() + "/robots.txt"))) {
      // 127.0.0.2 is another host, possibly on another lane, where nothing is listening.
      assertThat(visit(server.url("/")))
          .isEqualTo(
              new End.Settled(
                  new Settlement.Retry(settings.retryDelay, Reason.ROBOTS_UNREACHABLE)));
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
      assertThat(robotsRequests(server)).isEqualTo(1); // the redirect is cached
    }
  }

  @Test
  void eachRequestForARedirectedFileHasALeaseOfItsOwn() throws Exception {
    settings.delay = Duration.ofMillis(1);
    try (HostileServer server =
        HostileServer.start(
            talk -> {
              for (String head = talk.nextRequest(); head != null; head = talk.nextRequest()) {
                talk.send(
                    switch (talk.path(head)) {
                      case "/robots.txt" -> HostileServer.response(301, "", "Location: /r.txt");
                      case "/r.txt" -> rules("User-agent: *", "Disallow: /no");
                      default -> HostileServer.response(200, "page");
                    });
              }
            })) {
      for (int requests = 1; requests <= 2; requests++) {
        assertThat(visit(server.url("/"))).isEqualTo(new End.Settled(new Settlement.GiveBack()));
        assertThat(server.requests()).hasSize(requests);
      }
      assertThat(visit(server.url("/"))).isEqualTo(PAGE);
      assertThat(server.requests()).hasSize(3);
    }
  }

  @Test
  void anotherHostIsAskedWhenItsClockAllowsAndNotBefore() throws Exception {
    AtomicReference<HostDesk.Answer> answer =
        new AtomicReference<>(new HostDesk.Answer.Later(Duration.ofSeconds(5)));
    List<String> visited = new CopyOnWriteArrayList<>();
    hosts =
        new HostDesk() {
          @Override
          public CompletionStage<Answer> ask(LeaseId lease, String host) {
            return CompletableFuture.completedFuture(answer.get());
          }

          @Override
          public void asked(LeaseId lease, String host, Visit visit) {
            visited.add(host);
          }
        };
    try (HostileServer server =
        serverWith(HostileServer.response(301, "", "Location: http://127.0.0.2:1/robots.txt"))) {
      Lease early = take(server.url("/"));
      assertThat(desk.endOf(early)).isEqualTo(new End.Settled(new Settlement.GiveBack()));
      assertThat(Objects.requireNonNull(desk.fate(early).visit()).waits())
          .isEqualTo(Duration.ofSeconds(5));
      assertThat(visited).isEmpty();
      answer.set(new HostDesk.Answer.Granted());
      Lease granted = take(server.url("/"));
      assertThat(desk.endOf(granted)).isInstanceOf(End.Settled.class);
      assertThat(visited).containsExactly("127.0.0.2");
      assertThat(Objects.requireNonNull(desk.fate(granted).visit()).requested())
          .as("the lease's own host was not asked")
          .isFalse();
      assertThat(server.requests()).as("where it leads is known").hasSize(1);
    }
  }

  @Test
  void aRedirectIntoAForbiddenPlaceIsNotFollowed() throws Exception {
    try (HostileServer server =
        serverWith(HostileServer.response(302, "", "Location: http://10.0.0.1/robots.txt"))) {
      assertThat(visit(server.url("/")))
          .isEqualTo(
              new End.Settled(
                  new Settlement.Retry(settings.retryDelay, Reason.ROBOTS_UNREACHABLE)));
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

  @ParameterizedTest
  @ValueSource(strings = {"gzip", "none", "UTF-8", "br", "deflate", "x"})
  void aLabelThatIsUntrueDoesNotKeepRobotsFromBeingRead(String label) throws Exception {
    String file = "User-agent: *\nDisallow: /private\n";
    try (HostileServer server =
        serverWith(HostileServer.response(200, file, "Content-Encoding: " + label))) {
      assertThat(visit(server.url("/open"))).isEqualTo(PAGE);
      assertThat(done(server.url("/private/x")).reason()).isEqualTo("robots-disallow");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"compress", "xz", "gzip", "br", "gzip, gzip, gzip, gzip"})
  void aFileThatIsStillCodedDoesNotAllowEverything(String label) throws Exception {
    String coded = "\u0001\u0002User-agent: *\nDisallow: /private\n";
    try (HostileServer server =
        serverWith(HostileServer.response(200, coded, "Content-Encoding: " + label))) {
      assertThat(visit(server.url("/private/x")))
          .isEqualTo(
              new End.Settled(
                  new Settlement.Retry(settings.retryDelay, Reason.ROBOTS_UNREACHABLE)));
    }
  }

  @Test
  void theFieldsRobotsAreRead() throws Exception {
    for (String name : List.of("brr", "cenone", "ceutf8", "gzplain", "lf")) {
      Path file = Corpora.path("field/rob-" + name + "--open-is/robots.txt.http");
      try (HostileServer server = serverWith(Files.readAllBytes(file))) {
        assertThat(visit(server.url("/open"))).as(name).isEqualTo(PAGE);
        assertThat(done(server.url("/private/x")).reason()).isEqualTo("robots-disallow");
      }
    }
  }

  @Test
  void robotsAreAskedForWhereTheBytesOfARedirectSay() throws Exception {
    try (HostileServer server =
        HostileServer.start(
            talk -> {
              for (String head = talk.nextRequest(); head != null; head = talk.nextRequest()) {
                switch (talk.path(head)) {
                  case "/robots.txt" ->
                      talk.send(
                          HostileServer.response(301, "", "Location: /r\u00c3\u00a9bots.txt"));
                  case "/r%C3%A9bots.txt" -> talk.send(rules("User-agent: *", "Disallow: /no"));
                  default -> talk.send(HostileServer.response(200, "page"));
                }
              }
            })) {
      assertThat(done(server.url("/no")).reason()).isEqualTo("robots-disallow");
    }
  }

  @Test
  void aFileThatIsCutEndsAtItsLastWholeLine() throws Exception {
    String early = "User-agent: *\nDisallow: /early\n";
    String filler = "#\n".repeat((500 * 1024 - early.length() - "Disallow: /l".length()) / 2);
    String file = early + filler + "Disallow: /late-and-long\n" + "#\n".repeat(100);
    for (byte[] response :
        List.of(
            HostileServer.response(200, file).getBytes(StandardCharsets.US_ASCII),
            gzipped(file.getBytes(StandardCharsets.US_ASCII)))) {
      try (HostileServer server = serverWith(response)) {
        assertThat(done(server.url("/early")).reason()).isEqualTo("robots-disallow");
        assertThat(visit(server.url("/like"))).isEqualTo(PAGE);
      }
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
