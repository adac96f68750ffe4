package io.sluice.fetcher.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.core.lease.Reason;
import io.sluice.core.lease.VisitKind;
import io.sluice.core.resource.ResourceKind;
import io.sluice.fetcher.testing.HostileServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The client against servers that misbehave, on real sockets. */
final class HttpClientTest extends HttpClientFixture {

  @Test
  void aConnectionIsUsedAgain() throws Exception {
    try (HostileServer server = HostileServer.answering(HostileServer.response(200, "x"))) {
      for (int i = 0; i < 5; i++) {
        assertThat(text(answer(server.url("/" + i)))).isEqualTo("x");
      }
      assertThat(server.connections()).isEqualTo(1);
      assertThat(gauge("idle")).isEqualTo(1);
      assertThat(ledger.open()).containsEntry(ResourceKind.HTTP, 1);
    }
  }

  @Test
  void hostsOfALoopAreServedWhileTlsIsPreparedForAnotherOfThem() throws Exception {
    try (HostileServer plain = HostileServer.answering(HostileServer.response(200, "x"));
        HostileServer other =
            HostileServer.start(
                talk -> {
                  talk.send("this is not TLS\r\n");
                  talk.stall();
                })) {
      int threads = loops().lanes().size();
      CountDownLatch busy = new CountDownLatch(threads);
      CountDownLatch goOn = new CountDownLatch(1);
      for (int i = 0; i < threads; i++) {
        loops()
            .aside()
            .execute(
                () -> {
                  busy.countDown();
                  awaitQuietly(goOn);
                });
      }
      assertThat(busy.await(10, TimeUnit.SECONDS)).isTrue();
      CompletableFuture<HttpReply> secure = send("https://127.0.0.1:" + other.port() + "/");
      await().until(() -> other.connections() == 1);
      for (int i = 0; i < 3; i++) {
        assertThat(text(answer(plain.url("/" + i)))).as("by the same loop").isEqualTo("x");
      }
      assertThat(secure).as("no loop made a TLS context").isNotDone();
      goOn.countDown();
      assertThat(secure.get(30, TimeUnit.SECONDS))
          .isInstanceOfSatisfying(
              HttpReply.Failed.class,
              failed -> assertThat(failed.reason()).isEqualTo(Reason.TLS_FAILED));
    }
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void bodiesThatFindNoMemoryWaitAndThenArriveWhole() throws Exception {
    settings.bodyBytes = 1 << 20;
    settings.maxBodyBytes = 1 << 20;
    String body = "x".repeat(1 << 20);
    List<HostileServer> servers =
        IntStream.range(0, 6)
            .mapToObj(_ -> HostileServer.answering(HostileServer.response(200, body)))
            .toList();
    try {
      List<CompletableFuture<HttpReply>> open =
          new ArrayList<>(servers.stream().map(server -> send(server.url("/"))).toList());
      while (!open.isEmpty()) {
        CompletableFuture.anyOf(open.toArray(new CompletableFuture<?>[0]))
            .get(10, TimeUnit.SECONDS);
        List<CompletableFuture<HttpReply>> done =
            open.stream().filter(CompletableFuture::isDone).toList();
        assertThat(done).as("arrive while one body is held").hasSize(1);
        HttpReply.Answered answered = (HttpReply.Answered) done.getFirst().join();
        assertThat(answered.response().body().size()).isEqualTo(1 << 20);
        assertThat(counter("sluice.http.bodies.held.up")).isLessThanOrEqualTo(5);
        open.removeIf(CompletableFuture::isDone);
        answered.memory().release();
      }
      assertThat(counter("sluice.http.bodies.held.up")).isPositive();
    } finally {
      servers.forEach(HostileServer::close);
    }
  }

  @Test
  void aBodyThatWaitsForMemoryUntilTheDeadlineIsPutOff() throws Exception {
    settings.bodyBytes = 1 << 20;
    settings.maxBodyBytes = 1 << 20;
    settings.totalTimeout = Duration.ofSeconds(1);
    String response = HostileServer.response(200, "x".repeat(1 << 20));
    try (HostileServer one = HostileServer.answering(response);
        HostileServer other = HostileServer.answering(response)) {
      HttpReply held = get(one.url("/"));
      assertThat(held).isInstanceOf(HttpReply.Answered.class);
      assertThat(get(other.url("/"))).isEqualTo(new HttpReply.HeldUp());
      ((HttpReply.Answered) held).memory().release();
      assertThat(get(other.url("/"))).isInstanceOf(HttpReply.Answered.class);
    }
  }

  @Test
  void aBodyThatWaitedForMemoryAndThenTookItsWholeTimeIsChargedForIt() throws Exception {
    settings.bodyBytes = 1 << 20;
    settings.maxBodyBytes = 1 << 20;
    settings.totalTimeout = Duration.ofSeconds(1);
    String whole = HostileServer.response(200, "x".repeat(1 << 20));
    try (HostileServer one = HostileServer.answering(whole);
        HostileServer slow =
            HostileServer.start(
                talk -> {
                  talk.nextRequest();
                  talk.send(whole.substring(0, 1 << 19));
                  talk.drip("x".repeat(1_000), 20);
                })) {
      HttpReply held = get(one.url("/"));
      CompletableFuture<HttpReply> waiting = send(slow.url("/"));
      await().until(() -> counter("sluice.http.bodies.held.up") > 0);
      ((HttpReply.Answered) held).memory().release();
      assertThat(waiting.get(10, TimeUnit.SECONDS))
          .isInstanceOfSatisfying(
              HttpReply.Failed.class,
              failed -> {
                assertThat(failed.reason()).isEqualTo(Reason.TOTAL_TIMEOUT);
                assertThat(failed.part()).as("what came of it").isNotNull();
              });
    }
  }

  private double counter(String name) {
    return meters.get(name).counter().count();
  }

  @Test
  void requestsToOneHostWaitForItsConnection() throws Exception {
    try (HostileServer server = HostileServer.answering(HostileServer.response(200, "x"))) {
      List<CompletableFuture<HttpReply>> replies =
          IntStream.range(0, 20).mapToObj(i -> send(server.url("/" + i))).toList();
      for (CompletableFuture<HttpReply> reply : replies) {
        assertThat(reply.get(10, TimeUnit.SECONDS)).isInstanceOf(HttpReply.Answered.class);
      }
      assertThat(server.connections()).isEqualTo(1);
      assertThat(server.requests()).hasSize(20);
    }
  }

  @Test
  void aResponseTellsWhenItsOwnRequestWasSentAlthoughTheNextIsSentAtOnce() throws Exception {
    try (HostileServer server = HostileServer.answering(HostileServer.response(200, "x"))) {
      CompletableFuture<HttpReply> first = send(server.url("/1"));
      CompletableFuture<HttpReply> second = send(server.url("/2"));
      assertThat(begunAt(first)).isBefore(begunAt(second));
    }
  }

  private static Instant begunAt(CompletableFuture<HttpReply> reply) throws Exception {
    return ((HttpReply.Answered) reply.get(10, TimeUnit.SECONDS)).response().begunAt();
  }

  @Test
  void noMoreConnectionsAreOpenThanTheBudgetAllows() throws Exception {
    settings.connections = 3;
    AtomicInteger open = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    HostileServer.Script counting =
        talk -> {
          most.accumulateAndGet(open.incrementAndGet(), Math::max);
          try {
            while (talk.nextRequest() != null) {
              talk.send(HostileServer.response(200, "x"));
            }
          } finally {
            open.decrementAndGet();
          }
        };
    List<HostileServer> servers =
        IntStream.range(0, 12).mapToObj(_ -> HostileServer.start(counting)).toList();
    try {
      List<CompletableFuture<HttpReply>> replies =
          servers.stream().map(server -> send(server.url("/"))).toList();
      for (CompletableFuture<HttpReply> reply : replies) {
        assertThat(reply.get(10, TimeUnit.SECONDS)).isInstanceOf(HttpReply.Answered.class);
      }
      assertThat(gauge("idle") + gauge("active")).isLessThanOrEqualTo(3);
    } finally {
      servers.forEach(HostileServer::close);
    }
  }

  @Test
  void aRequestOnAStaleConnectionFailsAndIsNotSentASecondTime() throws Exception {
    try (HostileServer server = closesBeforeItsSecondAnswer()) {
      answer(server.url("/1"));
      assertThat(failure(server.url("/2"))).isEqualTo(Reason.STALE_CONNECTION);
      assertThat(server.connections()).isEqualTo(1);
      assertThat(server.requests()).hasSize(2);
      assertThat(meters.get("sluice.http.connections.stale").counter().count()).isEqualTo(1);
    }
  }

  @Test
  void aRequestThatWantsANewConnectionClosesTheKeptOne() throws Exception {
    try (HostileServer server = closesBeforeItsSecondAnswer()) {
      answer(server.url("/1"));
      assertThat(send(server.url("/2"), HostTerms.PROVEN, true).get(10, TimeUnit.SECONDS))
          .isInstanceOf(HttpReply.Answered.class);
      assertThat(server.connections()).isEqualTo(2);
      assertThat(server.requests()).hasSize(2);
    }
  }

  private static HostileServer closesBeforeItsSecondAnswer() throws IOException {
    return HostileServer.start(
        talk -> {
          talk.nextRequest();
          talk.send(HostileServer.response(200, "x"));
          talk.nextRequest();
        });
  }

  @Test
  void aNewConnectionThatClosesFailsItsRequest() throws Exception {
    try (HostileServer server = HostileServer.start(talk -> talk.nextRequest())) {
      assertThat(failure(server.url("/"))).isEqualTo(Reason.CONNECTION_CLOSED);
      assertThat(server.connections()).isEqualTo(1);
    }
  }

  @Test
  void aResetFailsItsRequest() throws Exception {
    try (HostileServer server =
        HostileServer.start(
            talk -> {
              talk.nextRequest();
              talk.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf");
              talk.pause(50);
              talk.reset();
            })) {
      assertThat(failure(server.url("/"))).isEqualTo(Reason.CONNECTION_RESET);
    }
  }

  @Test
  void silenceEndsByTheFirstByteTimeout() throws Exception {
    settings.firstByteTimeout = Duration.ofMillis(100);
    try (HostileServer server = HostileServer.start(HostileServer.Talk::stall)) {
      assertThat(failure(server.url("/"))).isEqualTo(Reason.FIRST_BYTE_TIMEOUT);
    }
  }

  @Test
  void aHostThatNeverAnsweredHasLessTimeToItsFirstByte() throws Exception {
    settings.firstByteTimeout = Duration.ofHours(1);
    settings.totalTimeout = Duration.ofHours(1);
    HostTerms first = new HostTerms(false, VisitKind.FIRST, 100_000_000);
    try (HostileServer server = HostileServer.start(HostileServer.Talk::stall)) {
      HttpReply reply = send(server.url("/"), first).get(10, TimeUnit.SECONDS);
      assertThat(reply).isInstanceOf(HttpReply.Failed.class);
      assertThat(((HttpReply.Failed) reply).reason()).isEqualTo(Reason.FIRST_BYTE_TIMEOUT);
    }
  }

  @Test
  void aHostThatNeverAnsweredAndDripsIsNotWaitedForAsLongAsOneThatIsWell() throws Exception {
    settings.totalTimeout = Duration.ofHours(1);
    HostTerms first = new HostTerms(false, VisitKind.FIRST, 300_000_000);
    try (HostileServer server = HostileServer.start(talk -> drip(talk, 1))) {
      HttpReply reply = send(server.url("/"), first).get(10, TimeUnit.SECONDS);
      assertThat(reply).isInstanceOf(HttpReply.Failed.class);
      assertThat(((HttpReply.Failed) reply).reason()).isEqualTo(Reason.TOTAL_TIMEOUT);
    }
  }

  @Test
  void aHostThatNeverAnsweredMayTakeItsTimeForALongResponseThatGoesOn() throws Exception {
    HostTerms first = new HostTerms(false, VisitKind.FIRST, 500_000_000);
    try (HostileServer server = HostileServer.start(talk -> drip(talk, 5_000))) {
      HttpReply reply = send(server.url("/"), first).get(30, TimeUnit.SECONDS);
      assertThat(reply).isInstanceOf(HttpReply.Answered.class);
    }
  }

  /** Sends a response in fifty parts, over more than a second. */
  private static void drip(HostileServer.Talk talk, int bytes)
      throws IOException, InterruptedException {
    talk.nextRequest();
    talk.send("HTTP/1.1 200 OK\r\nContent-Length: " + 50 * bytes + "\r\n\r\n");
    for (int i = 0; i < 50 && !talk.pause(25); i++) {
      talk.send("x".repeat(bytes));
    }
  }

  @Test
  void aStallWithinTheBodyEndsByTheIdleTimeout() throws Exception {
    settings.idleTimeout = Duration.ofMillis(100);
    try (HostileServer server = once("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")) {
      assertThat(failure(server.url("/"))).isEqualTo(Reason.IDLE_TIMEOUT);
    }
  }

  @Test
  void aDripEndsByTheTotalTimeout() throws Exception {
    settings.totalTimeout = Duration.ofMillis(400);
    try (HostileServer server =
        HostileServer.start(
            talk -> {
              talk.nextRequest();
              talk.send("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n");
              talk.drip("x".repeat(1000), 20);
            })) {
      assertThat(failure(server.url("/"))).isEqualTo(Reason.TOTAL_TIMEOUT);
    }
  }

  @Test
  void aBodyIsCutAtItsBoundAndTheConnectionClosed() throws Exception {
    settings.maxBodyBytes = 1000;
    try (HostileServer server =
        HostileServer.answering(HostileServer.response(200, "x".repeat(5000)))) {
      Response response = answer(server.url("/"));
      assertThat(response.truncated()).isTrue();
      assertThat(response.body().size()).isEqualTo(1000);
      await().untilAsserted(() -> assertThat(ledger.open()).doesNotContainKey(ResourceKind.HTTP));
    }
  }

  @Test
  void aBodyOfExactlyTheBoundIsWhole() throws Exception {
    settings.maxBodyBytes = 5000;
    try (HostileServer server =
        HostileServer.answering(HostileServer.response(200, "x".repeat(5000)))) {
      Response response = answer(server.url("/"));
      assertThat(response.truncated()).isFalse();
      assertThat(response.body().size()).isEqualTo(5000);
    }
  }

  @Test
  void aPromiseOfMuchIsNotBelieved() throws Exception {
    settings.maxBodyBytes = 200L << 20;
    settings.idleTimeout = Duration.ofMillis(100);
    try (HostileServer server =
        once("HTTP/1.1 200 OK\r\nContent-Length: " + (190 << 20) + "\r\n\r\nx")) {
      assertThat(failure(server.url("/"))).isEqualTo(Reason.IDLE_TIMEOUT);
    }
  }

  @Test
  void bytesOnAnIdleConnectionCloseIt() throws Exception {
    try (HostileServer server =
        HostileServer.start(
            talk -> {
              talk.nextRequest();
              talk.send(HostileServer.response(200, "mine"));
              talk.pause(100);
              talk.send("\r\n");
              talk.stall();
            })) {
      answer(server.url("/"));
      assertThat(gauge("idle")).isEqualTo(1);
      await().untilAsserted(() -> assertThat(ledger.open()).doesNotContainKey(ResourceKind.HTTP));
    }
  }

  @Test
  void anIdleConnectionClosesInTime() throws Exception {
    settings.keepAlive = Duration.ofMillis(100);
    try (HostileServer server = HostileServer.answering(HostileServer.response(200, "x"))) {
      answer(server.url("/"));
      await().untilAsserted(() -> assertThat(ledger.open()).doesNotContainKey(ResourceKind.HTTP));
      answer(server.url("/"));
      assertThat(server.connections()).isEqualTo(2);
    }
  }

  @ParameterizedTest
  @CsvSource({"HTTP/1.1, Connection: close", "HTTP/1.0, X: y"})
  void aConnectionThatTheHostWantsClosedCloses(String version, String field) throws Exception {
    try (HostileServer server =
        once(version + " 200 OK\r\n" + field + "\r\nContent-Length: 1\r\n\r\nx")) {
      answer(server.url("/"));
      await().untilAsserted(() -> assertThat(ledger.open()).doesNotContainKey(ResourceKind.HTTP));
    }
  }

  @Test
  void aRefusedConnectionFails() throws Exception {
    int port;
    try (ServerSocket gone =
        new ServerSocket(0, 1, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}))) {
      port = gone.getLocalPort();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    assertThat(get("http://127.0.0.1:" + port + "/"))
        .isEqualTo(new HttpReply.Failed(Reason.CONNECT_REFUSED, "127.0.0.1", false));
  }

  @Test
  void theAddressIsJudgedEvenIfTheHostIsOne() throws Exception {
    assertThat(get("http://10.0.0.1/")).isEqualTo(new HttpReply.Refused(Reason.ADDRESS_FORBIDDEN));
    assertThat(get("http://[::1]/")).isEqualTo(new HttpReply.Refused(Reason.ADDRESS_FORBIDDEN));
  }
}
