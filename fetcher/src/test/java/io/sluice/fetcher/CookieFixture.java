package io.sluice.fetcher;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.sluice.core.lease.Lease;
import io.sluice.core.lease.Offer;
import io.sluice.core.lease.Settlement;
import io.sluice.core.message.Page;
import io.sluice.core.resource.ResourceLedger;
import io.sluice.fetcher.testing.HostileServer;
import io.sluice.fetcher.testing.RecordingDesk;
import io.sluice.fetcher.testing.RecordingDesk.End;
import io.sluice.fetcher.testing.TestCertificate;
import io.sluice.fetcher.testing.TestSettings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;
import javax.net.ServerSocketFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A fetcher between servers that require cookies and a frontier that follows redirects. */
abstract class CookieFixture {
  static final String IN = HostileServer.response(200, "behind the wall");

  static @Nullable ServerSocketFactory secureSockets;

  final TestSettings settings = new TestSettings();
  final ResourceLedger ledger = new ResourceLedger();
  final RecordingDesk desk = new RecordingDesk();

  /** URL and Cookie field of each request to any of the servers. */
  final List<String> asked = new ArrayList<>();

  final List<HostileServer> servers = new ArrayList<>();

  /** How each lease of the last crawl was settled. */
  final List<Settlement> settlements = new ArrayList<>();

  Fetcher fetcher;

  @SuppressWarnings("NullAway.Init") // open() sets the remaining fields
  CookieFixture() {}

  @BeforeAll
  static void makeACertificate(@TempDir Path dir) throws Exception {
    secureSockets =
        TestCertificate.make(dir, "localhost", "ip:127.0.0.1").server().getServerSocketFactory();
  }

  @BeforeEach
  void open() {
    settings.verifyTls = false;
    fetcher = started();
  }

  /** Replaces the fetcher with a new one without any state. */
  void reopen() {
    fetcher.close();
    fetcher = started();
  }

  private Fetcher started() {
    return desk.fetcher(settings, ledger, new SimpleMeterRegistry());
  }

  @AfterEach
  void nothingIsLeftOpen() {
    fetcher.close();
    servers.forEach(HostileServer::close);
    assertThat(ledger.entries()).isEmpty();
  }

  /**
   * Starts a server whose response is a function of the request's path, a blank and its Cookie
   * field.
   */
  HostileServer server(UnaryOperator<String> answers) {
    return server(ServerSocketFactory.getDefault(), answers);
  }

  HostileServer server(ServerSocketFactory sockets, UnaryOperator<String> answers) {
    HostileServer server =
        HostileServer.start(
            sockets,
            talk -> {
              for (String head = talk.nextRequest(); head != null; head = talk.nextRequest()) {
                String request = talk.path(head) + " " + cookies(head);
                synchronized (asked) {
                  asked.add(request);
                }
                talk.send(answers.apply(request));
              }
            });
    servers.add(server);
    return server;
  }

  static String cookies(String head) {
    return head.lines()
        .filter(line -> line.startsWith("Cookie: "))
        .map(line -> line.substring(8))
        .reduce((_, _) -> "two Cookie fields")
        .orElse("");
  }

  static String redirect(String location, String... cookies) {
    return redirect(302, location, cookies);
  }

  static String redirect(int status, String location, String... cookies) {
    List<String> fields = new ArrayList<>(List.of("Location: " + location));
    for (String cookie : cookies) {
      fields.add("Set-Cookie: " + cookie);
    }
    return HostileServer.response(status, "", fields.toArray(new String[0]));
  }

  /** Follows a URL to its page, as the frontier does; null if it does not lead to a page. */
  @Nullable Page crawl(String url) throws Exception {
    Lease lease = desk.lease(url);
    while (true) {
      fetcher.take(lease);
      End end = desk.endOf(lease);
      if (end instanceof End.Outstanding) {
        return desk.fate(lease).page().join();
      }
      Settlement settlement = ((End.Settled) end).settlement();
      settlements.add(settlement);
      Lease next = next(lease, settlement);
      if (next == null) {
        return null;
      }
      lease = next;
    }
  }

  @Nullable Lease next(Lease lease, Settlement settlement) {
    if (settlement instanceof Settlement.HopBack) {
      List<String> chain = new ArrayList<>(lease.redirects());
      chain.add(lease.url().href());
      return desk.lease(lease.url().href(), lease.attempt(), chain);
    }
    if (settlement instanceof Settlement.Done done && !done.offers().isEmpty()) {
      Offer offer = done.offers().getFirst();
      boolean seen = lease.redirects().contains(offer.url().href());
      assertThat(offer.evenIfSeen()).as("%s", offer).isEqualTo(seen);
      return desk.lease(offer.url().href(), 1, offer.redirects());
    }
    return null;
  }

  String reason() {
    return ((Settlement.Done) settlements.getLast()).end().reason();
  }

  static final String RULES = HostileServer.response(200, "User-agent: *\nDisallow: /private\n");

  /**
   * Starts an http server that redirects to an https server, which redirects clients without its
   * cookie back to the first.
   */
  void servers(boolean robots) {
    String path = robots ? "/robots.txt" : "/";
    int[] port = new int[1];
    HostileServer secure =
        server(
            Objects.requireNonNull(secureSockets),
            request ->
                !request.endsWith("s=1")
                    ? redirect("http://127.0.0.1:" + port[0] + path, "s=1; Secure; Path=/")
                    : robots ? RULES : IN);
    port[0] = server(_ -> redirect("https://127.0.0.1:" + secure.port() + path)).port();
  }
}
