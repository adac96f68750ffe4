package io.sluice.fetcher;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.sluice.core.lease.AddressDesk;
import io.sluice.core.lease.Lease;
import io.sluice.core.lease.Settlement;
import io.sluice.core.resource.ResourceLedger;
import io.sluice.fetcher.testing.HostileServer;
import io.sluice.fetcher.testing.RecordingDesk;
import io.sluice.fetcher.testing.RecordingDesk.End;
import io.sluice.fetcher.testing.TestSettings;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocketFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pages over TLS, from a server with a certificate of its own making. */
final class FetcherTlsTest {
  private static final char[] PASSWORD = "changeit".toCharArray();
  private static @Nullable SSLServerSocketFactory sockets;

  private final TestSettings settings = new TestSettings();
  private final ResourceLedger ledger = new ResourceLedger();
  private final RecordingDesk desk = new RecordingDesk();

  @BeforeAll
  static void makeACertificate(@TempDir Path dir) throws Exception {
    Path store = dir.resolve("keys.p12");
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "test",
                "-keyalg",
                "EC",
                "-dname",
                "CN=localhost",
                "-ext",
                "san=ip:127.0.0.1",
                "-storetype",
                "PKCS12",
                "-keystore",
                store.toString(),
                "-storepass",
                new String(PASSWORD))
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    assertThat(keytool.waitFor(30, TimeUnit.SECONDS)).isTrue();
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store)) {
      keys.load(in, PASSWORD);
    }
    KeyManagerFactory managers =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    managers.init(keys, PASSWORD);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(managers.getKeyManagers(), null, null);
    sockets = context.getServerSocketFactory();
  }

  @AfterEach
  void nothingIsLeftOpen() {
    assertThat(ledger.entries()).isEmpty();
  }

  private End visit(String url) throws Exception {
    Lease lease = desk.lease(url);
    try (Fetcher fetcher =
        Fetcher.open(
            settings.config(),
            desk,
            AddressDesk.UNLIMITED,
            desk,
            ledger,
            new SimpleMeterRegistry())) {
      fetcher.take(lease);
      return desk.fate(lease).end().get(10, TimeUnit.SECONDS);
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
  void aCertificateThatNobodyVouchesForIsRefused() throws Exception {
    try (HostileServer server = secureServer(HostileServer.response(200, "x"))) {
      Settlement.Done done = (Settlement.Done) ((End.Settled) visit(url(server))).settlement();
      assertThat(done.end().reason()).isEqualTo("tls-certificate");
      assertThat(server.requests()).isEmpty();
    }
  }

  @Test
  void whatDoesNotSpeakTlsFails() throws Exception {
    try (HostileServer server =
        HostileServer.start(
            talk -> {
              talk.send("this is no TLS\r\n");
              talk.stall();
            })) {
      assertThat(visit(url(server)))
          .isEqualTo(new End.Settled(new Settlement.Retry(settings.retryDelay, "tls-failed")));
    }
  }

  @Test
  void aHandshakeThatStallsIsGivenUpInTime() throws Exception {
    settings.tlsTimeout = Duration.ofMillis(200);
    try (HostileServer server = HostileServer.start(HostileServer.Talk::stall)) {
      assertThat(visit(url(server)))
          .isEqualTo(new End.Settled(new Settlement.Retry(settings.retryDelay, "tls-timeout")));
    }
  }
}
