package io.sluice.fetcher.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.handler.ssl.SslContext;
import io.sluice.core.lease.Reason;
import io.sluice.fetcher.testing.TestCertificate;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Which hosts a certificate for {@code *.cases.test} covers. The handshakes run in memory and
 * without SNI, since the JDK's servers refuse such names, too.
 */
final class OddNameTrustTest {
  private static @Nullable SSLContext server;
  private static @Nullable SslContext client;

  @BeforeAll
  static void makeACertificate(@TempDir Path dir) throws Exception {
    TestCertificate made = TestCertificate.make(dir, "odd_subject.test", "dns:*.cases.test");
    server = made.server();
    System.setProperty("javax.net.ssl.trustStore", made.trust().toString());
    System.setProperty("javax.net.ssl.trustStorePassword", TestCertificate.PASSWORD);
    client = new Tls(true, 1000, Runnable::run).ready().join();
  }

  @AfterAll
  static void forgetIt() {
    System.clearProperty("javax.net.ssl.trustStore");
    System.clearProperty("javax.net.ssl.trustStorePassword");
  }

  @ParameterizedTest
  @ValueSource(strings = {"_x.cases.test", "t_ls.cases.test", "a-.cases.test", "plain.cases.test"})
  void theHostsOfACertificateAreTrusted(String host) throws Exception {
    assertThat(shakeHands(host)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "_x.other.test",
        "a._x.cases.test",
        "_cases.test",
        "odd_subject.test",
        "plain.other.test",
        "cases.test"
      })
  void othersAreNot(String host) {
    assertThatThrownBy(() -> shakeHands(host))
        .isInstanceOf(SSLException.class)
        .satisfies(e -> assertThat(Tls.reasonOf(e)).isEqualTo(Reason.TLS_CERTIFICATE));
  }

  private static boolean shakeHands(String host) throws SSLException {
    SSLEngine asking =
        Objects.requireNonNull(client).newEngine(UnpooledByteBufAllocator.DEFAULT, host, 443);
    ServerName.apply(asking, host);
    SSLParameters parameters = asking.getSSLParameters();
    parameters.setServerNames(List.of());
    asking.setSSLParameters(parameters);
    SSLEngine answering = Objects.requireNonNull(server).createSSLEngine();
    answering.setUseClientMode(false);
    ByteBuffer toServer = ByteBuffer.allocate(1 << 16);
    ByteBuffer toClient = ByteBuffer.allocate(1 << 16);
    for (int step = 0; step < 100; step++) {
      advance(asking, toClient, toServer);
      advance(answering, toServer, toClient);
      if (asking.getHandshakeStatus() == HandshakeStatus.NOT_HANDSHAKING && step > 0) {
        return true;
      }
    }
    return false;
  }

  /** Advances one side of a handshake by one step, in which it computes, reads, or writes. */
  private static void advance(SSLEngine side, ByteBuffer in, ByteBuffer out) throws SSLException {
    ByteBuffer nothing = ByteBuffer.allocate(1 << 16);
    for (Runnable task = side.getDelegatedTask(); task != null; task = side.getDelegatedTask()) {
      task.run();
    }
    if (side.getHandshakeStatus() == HandshakeStatus.NEED_UNWRAP) {
      in.flip();
      side.unwrap(in, nothing);
      in.compact();
    } else if (side.getHandshakeStatus() != HandshakeStatus.NEED_TASK) {
      side.wrap(ByteBuffer.allocate(0), out);
    }
  }
}
