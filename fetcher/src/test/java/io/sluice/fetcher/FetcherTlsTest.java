package io.sluice.fetcher;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.sluice.core.lease.Lease;
import io.sluice.core.lease.Reason;
import io.sluice.core.lease.Settlement;
import io.sluice.core.resource.ResourceLedger;
import io.sluice.fetcher.testing.HostileServer;
import io.sluice.fetcher.testing.RecordingDesk;
import io.sluice.fetcher.testing.RecordingDesk.End;
import io.sluice.fetcher.testing.TestCertificate;
import io.sluice.fetcher.testing.TestNameServer;
import io.sluice.fetcher.testing.TestSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLServerSocketFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Pages over TLS, from a server with a self-signed certificate. */
final class FetcherTlsTest {
  private static @Nullable SSLServerSocketFactory sockets;

  private final TestSettings settings = new TestSettings();
  private final ResourceLedger ledger = new ResourceLedger();
  private final RecordingDesk desk = new RecordingDesk();

  @BeforeAll
  static void makeACertificate(@TempDir Path dir) throws Exception {
    sockets =
        TestCertificate.make(dir, "localhost", "ip:127.0.0.1").server().getServerSocketFactory();
  }

  @AfterEach
  void nothingIsLeftOpen() {
    assertThat(ledger.entries()).isEmpty();
  }

  private End visit(String url) throws Exception {
    Lease lease = desk.lease(url);
    try (Fetcher fetcher = desk.fetcher(settings, ledger, new SimpleMeterRegistry())) {
      fetcher.take(lease);
      return desk.endOf(lease);
    }
  }

  private static HostileServer secureServer(String response) {
    return HostileServer.start(
        Objects.requireNonNull(sockets),
        talk -> {
          while (talk.nextRequest() != null) {
            talk.send(response);
          }
        });
  }

  private static String url(HostileServer server) {
    return "https://127.0.0.1:" + server.port() + "/";
  }

  @Test
  void aPageComesOverTls() throws Exception {
    settings.verifyTls = false;
    try (HostileServer server = secureServer(HostileServer.response(200, "x".repeat(50_000)))) {
      assertThat(visit(url(server))).isEqualTo(new End.Outstanding(1));
      assertThat(server.requests()).hasSize(1);
    }
  }

  @Test
  void aBodyWithoutALengthEndsWhereTheHostSaysGoodbye() throws Exception {
    settings.verifyTls = false;
    try (HostileServer server =
        HostileServer.start(
            Objects.requireNonNull(sockets),
            talk -> {
              talk.nextRequest();
              talk.send("HTTP/1.1 200 OK\r\n\r\nall there is");
              talk.endOutput();
              talk.stall();
            })) {
      assertThat(visit(url(server))).isEqualTo(new End.Outstanding(1));
    }
  }

  @Test
  void aCertificateThatNobodyVouchesForIsRefused() throws Exception {
    try (HostileServer server = secureServer(HostileServer.response(200, "x"))) {
      Settlement.Done done = (Settlement.Done) ((End.Settled) visit(url(server))).settlement();
      assertThat(done.end().reason()).isEqualTo("tls-certificate");
      assertThat(server.requests()).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"_x.cases.test", "t_ls.cases.test", "a-.cases.test", "plain.cases.test"})
  void theHostIsNamedToTheServerThoughTheJdkObjectsToIt(String host) throws Exception {
    BlockingQueue<String> hellos = new LinkedBlockingQueue<>();
    try (TestNameServer names =
            TestNameServer.start(_ -> new TestNameServer.Answer.Address("127.0.0.1", 60));
        HostileServer server = HostileServer.start(talk -> hellos.add(talk.nextBytes()))) {
      settings.nameServers = List.of(names.address());
      assertThat(visit("https://" + host + ":" + server.port() + "/"))
          .isEqualTo(new End.Settled(new Settlement.Retry(settings.retryDelay, Reason.TLS_FAILED)));
      assertThat(hellos.poll(10, TimeUnit.SECONDS)).contains(host);
    }
  }

  @Test
  void whatDoesNotSpeakTlsFails() throws Exception {
    try (HostileServer server =
        HostileServer.start(
            talk -> {
              talk.send("not TLS\r\n");
              talk.stall();
            })) {
      assertThat(visit(url(server)))
          .isEqualTo(new End.Settled(new Settlement.Retry(settings.retryDelay, Reason.TLS_FAILED)));
    }
  }

  @Test
  void aHandshakeThatStallsIsGivenUpInTime() throws Exception {
    settings.tlsTimeout = Duration.ofMillis(200);
    try (HostileServer server = HostileServer.start(HostileServer.Talk::stall)) {
      assertThat(visit(url(server)))
          .isEqualTo(
              new End.Settled(new Settlement.Retry(settings.retryDelay, Reason.TLS_TIMEOUT)));
    }
  }
}
