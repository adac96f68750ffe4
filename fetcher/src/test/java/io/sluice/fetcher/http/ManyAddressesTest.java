package io.sluice.fetcher.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.core.lease.Reason;
import io.sluice.fetcher.testing.HostileServer;
import io.sluice.fetcher.testing.TestNameServer;
import io.sluice.fetcher.testing.TestNameServer.Answer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Hosts with many addresses, most of which are dead, on real loopback sockets. */
class ManyAddressesTest extends HttpClientFixture {

  private final Deque<AutoCloseable> owned = new ArrayDeque<>();

  @AfterEach
  void closeAll() throws Exception {
    while (!owned.isEmpty()) {
      owned.pop().close();
    }
  }

  @Test
  void theOneOfFiftyAddressesThatAnswersIsReachedAmongRefusals() throws Exception {
    HostileServer server = own(HostileServer.answering(HostileServer.response(200, "here")));
    serve(fiftyOf(server));
    assertThat(text(answer(url(server)))).isEqualTo("here");
  }

  @Test
  void theOneOfFiftyAddressesThatAnswersIsReachedAmongSilence() throws Exception {
    HostileServer server = own(HostileServer.answering(HostileServer.response(200, "here")));
    List<String> addresses = fiftyOf(server);
    for (String address : addresses.subList(0, 49)) {
      beSilentAt(address, server.port());
    }
    settings.connectTimeout = Duration.ofSeconds(4);
    settings.totalTimeout = Duration.ofSeconds(9);
    serve(addresses);
    assertThat(text(answer(url(server)))).isEqualTo("here");
    long startNanos = System.nanoTime();
    assertThat(text(answer("http://many.test:" + server.port() + "/again"))).isEqualTo("here");
    assertThat(System.nanoTime() - startNanos)
        .as("what was silent is remembered")
        .isLessThan(TimeUnit.SECONDS.toNanos(1));
  }

  @Test
  void aHostOfDeadAddressesFailsWithinTheConnectBudget() throws Exception {
    HostileServer server = own(HostileServer.answering(HostileServer.response(200, "here")));
    List<String> dead = fiftyOf(server).subList(0, 20);
    for (String address : dead) {
      beSilentAt(address, server.port());
    }
    settings.connectTimeout = Duration.ofSeconds(1);
    serve(dead);
    long startNanos = System.nanoTime();
    assertThat(failure(url(server))).isEqualTo(Reason.CONNECT_TIMEOUT);
    assertThat(System.nanoTime() - startNanos).isLessThan(TimeUnit.MILLISECONDS.toNanos(1_900));
  }

  private static String url(HostileServer server) {
    return "http://many.test:" + server.port() + "/";
  }

  /** Returns 50 addresses: 49 without a listener, and the server's. */
  private static List<String> fiftyOf(HostileServer server) {
    List<String> addresses = new ArrayList<>();
    for (int i = 1; i < 50; i++) {
      addresses.add("127.0.77." + i);
    }
    addresses.add("127.0.0.1");
    assertThat(server.port()).isPositive();
    return addresses;
  }

  private void serve(List<String> addresses) {
    TestNameServer names = own(TestNameServer.start(_ -> new Answer.Addresses(addresses, 300)));
    settings.nameServers = List.of(names.address());
  }

  /**
   * Opens a listener whose queue is full, so that the system does not answer further attempts to
   * connect.
   */
  private void beSilentAt(String address, int port) throws IOException {
    InetSocketAddress at = new InetSocketAddress(InetAddress.ofLiteral(address), port);
    ServerSocket full = own(new ServerSocket());
    full.bind(at, 1);
    for (int i = 0; i < 4; i++) {
      try {
        own(new Socket()).connect(at, 50);
      } catch (SocketTimeoutException e) {
        return;
      }
    }
    throw new AssertionError("the queue of " + at + " does not fill");
  }

  private <T extends AutoCloseable> T own(T closeable) {
    owned.push(closeable);
    return closeable;
  }
}
