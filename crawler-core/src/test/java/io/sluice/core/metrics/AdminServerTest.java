package io.sluice.core.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.core.config.AdminSettings;
import io.sluice.core.metrics.AdminServer.PortUnavailableException;
import io.sluice.core.resource.ResourceKind;
import io.sluice.core.resource.ResourceLedger;
import io.sluice.core.testing.Json;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(20)
class AdminServerTest {

  private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");
  private static final AdminSettings ANY_PORT = new AdminSettings("127.0.0.1", 0);

  private final ResourceLedger ledger = new ResourceLedger();
  private final Health health = new Health();
  private final AdminServer server =
      AdminServer.start(
          ANY_PORT,
          new AdminPages(
              () -> "sluice_pages_fetched_total 7\n",
              health,
              () -> Status.of().put("pages", 7).build()),
          ledger);
  private final HttpClient client = HttpClient.newHttpClient();

  @AfterEach
  void stop() {
    client.close();
    server.close();
  }

  @Test
  void metricsAreServedAsPrometheusText() throws Exception {
    HttpResponse<String> response = get("/metrics");

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.body()).isEqualTo("sluice_pages_fetched_total 7\n");
    assertThat(response.headers().firstValue("Content-Type"))
        .hasValue("text/plain; version=0.0.4; charset=utf-8");
  }

  @Test
  void statusIsServedAsJson() throws Exception {
    HttpResponse<String> response = get("/status");

    assertThat(Json.parse(response.body())).isEqualTo(Map.of("pages", 7L));
    assertThat(response.headers().firstValue("Content-Type")).hasValue("application/json");
  }

  @Test
  void readinessNamesEachReason() throws Exception {
    health.check("frontier").ready();
    health.check("redis").notReady("does not answer");

    HttpResponse<String> unready = get("/health/ready");

    assertThat(unready.statusCode()).isEqualTo(503);
    assertThat(Json.parse(unready.body()))
        .isEqualTo(Map.of("ok", false, "reasons", Map.of("redis", "does not answer")));
    assertThat(get("/health/live").statusCode()).isEqualTo(200);

    health.check("redis").ready();

    assertThat(get("/health/ready").statusCode()).isEqualTo(200);
  }

  @Test
  void aFailureForGoodEndsLiveness() throws Exception {
    health.check("frontier").failed("the disk is gone");
    health.check("frontier").ready();

    assertThat(get("/health/live").statusCode()).isEqualTo(503);
    assertThat(get("/health/ready").body()).contains("the disk is gone");
  }

  @Test
  void thePageNeedsNothingFromElsewhere() throws Exception {
    HttpResponse<String> page = get("/");

    assertThat(page.body()).contains("live.js", "live.css").doesNotContain("://");
    assertThat(get("/live.js").body()).contains("'status'").doesNotContain("://");
    assertThat(get("/live.css").statusCode()).isEqualTo(200);
    assertThat(page.headers().firstValue("Content-Security-Policy").orElse(""))
        .startsWith("default-src 'none'");
    assertThat(page.headers().firstValue("X-Content-Type-Options")).hasValue("nosniff");
  }

  @Test
  void anUnknownPathIsNotRepeated() throws Exception {
    HttpResponse<String> response = get("/%3Cscript%3E?q=%3Cscript%3E");

    assertThat(response.statusCode()).isEqualTo(404);
    assertThat(response.body()).isEqualTo("no such page\n");
  }

  @Test
  void headHasNoBodyAndOtherMethodsAreRefused() throws Exception {
    HttpResponse<String> head =
        client.send(request("/metrics").HEAD().build(), BodyHandlers.ofString());
    HttpResponse<String> post =
        client.send(
            request("/metrics").POST(BodyPublishers.ofString("x")).build(),
            BodyHandlers.ofString());

    assertThat(head.statusCode()).isEqualTo(200);
    assertThat(head.body()).isEmpty();
    assertThat(post.statusCode()).isEqualTo(405);
    assertThat(post.headers().firstValue("Allow")).hasValue("GET, HEAD");
  }

  @Test
  void aSourceThatFailsIsTheServersFaultAndTheServerGoesOn() throws Exception {
    AdminPages broken =
        new AdminPages(
            () -> {
              throw new IllegalStateException("secret");
            },
            health,
            () -> Status.of().build());
    try (AdminServer other = AdminServer.start(ANY_PORT, broken, ledger)) {
      HttpRequest metrics = request(other, "/metrics").build();
      HttpResponse<String> failed = client.send(metrics, BodyHandlers.ofString());

      assertThat(failed.statusCode()).isEqualTo(500);
      assertThat(failed.body()).doesNotContain("secret");
      HttpRequest status = request(other, "/status").build();
      assertThat(client.send(status, BodyHandlers.ofString()).statusCode()).isEqualTo(200);
    }
  }

  @Test
  void aTakenPortIsOneClearLine() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, LOOPBACK)) {
      AdminSettings settings = new AdminSettings("127.0.0.1", taken.getLocalPort());

      assertThatThrownBy(() -> start(settings))
          .isInstanceOf(PortUnavailableException.class)
          .hasMessage(
              "admin: cannot listen on 127.0.0.1:%d: Address already in use; set admin.port to a"
                      .formatted(taken.getLocalPort())
                  + " free port, or to 0 for any");
    }
    assertThat(ledger.open())
        .isEqualTo(Map.of(ResourceKind.ADMIN, 1, ResourceKind.EPOLL, 1, ResourceKind.THREAD, 3));
  }

  @Test
  void livenessIsAnsweredWhileFiveHundredConnectionsAreIdle() throws Exception {
    List<Socket> idle = new ArrayList<>();
    try {
      for (int i = 0; i < 500; i++) {
        idle.add(new Socket(LOOPBACK, server.port()));
      }
      assertThat(get("/health/live").statusCode()).isEqualTo(200);
      assertThat(get("/metrics").statusCode()).isEqualTo(200);
      for (Socket oldest : idle.subList(0, 500 - AdminServer.MAX_CONNECTIONS)) {
        assertThat(ended(oldest)).as("closed to make room").isTrue();
      }
    } finally {
      for (Socket socket : idle) {
        socket.close();
      }
    }
  }

  /** Pages whose scrape waits for the latch. */
  private AdminPages scrapedOnce(CountDownLatch made) {
    return new AdminPages(
        () -> {
          Awaitility.await().until(() -> made.getCount() == 0);
          return "slow\n";
        },
        health,
        () -> Status.of().build());
  }

  @Test
  void aRequestThatIsBeingAnsweredKeepsItsPlaceHoweverManyCome() throws Exception {
    CountDownLatch made = new CountDownLatch(1);
    AdminPages slow = scrapedOnce(made);
    List<Socket> idle = new ArrayList<>();
    try (AdminServer other = AdminServer.start(ANY_PORT, slow, ledger);
        Socket waiting = ask(other, "GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n")) {
      for (int i = 0; i < 100; i++) {
        idle.add(new Socket(LOOPBACK, other.port()));
      }
      made.countDown();
      assertThat(read(waiting)).startsWith("HTTP/1.1 200 ").endsWith("\r\n\r\nslow\n");
    } finally {
      made.countDown();
      for (Socket socket : idle) {
        socket.close();
      }
    }
  }

  @Test
  void healthIsAnsweredWhileOtherPagesKeepTheThreadsThatMakeThemBusy() throws Exception {
    CountDownLatch made = new CountDownLatch(1);
    AdminPages slow = scrapedOnce(made);
    String scrape = "GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n";
    try (AdminServer other = AdminServer.start(ANY_PORT, slow, ledger);
        Socket first = ask(other, scrape);
        Socket second = ask(other, scrape);
        Socket third = ask(other, scrape)) {
      for (String path : List.of("/health/ready", "/health/live")) {
        try (Socket asking = ask(other, "GET " + path + " HTTP/1.0\r\n\r\n")) {
          asking.setSoTimeout(5_000);
          assertThat(read(asking)).as(path).startsWith("HTTP/1.1 200 ");
        }
      }
      made.countDown();
      for (Socket waiting : List.of(first, second, third)) {
        assertThat(read(waiting)).endsWith("\r\n\r\nslow\n");
      }
    } finally {
      made.countDown();
    }
  }

  @Test
  void aClientHasTenSecondsToSpeakHoweverSlowlyItDoes() throws Exception {
    AtomicLong nanos = new AtomicLong();
    AdminPages pages = new AdminPages(() -> "", health, () -> Status.of().build());
    try (AdminServer other = AdminServer.start(ANY_PORT, pages, ledger, nanos::get);
        Socket slow = ask(other, "GET /health/live HTTP/1.1\r\n")) {
      for (int second = 1; second <= 9; second++) {
        nanos.addAndGet(Duration.ofSeconds(1).toNanos());
        slow.getOutputStream().write('x');
      }
      slow.setSoTimeout(400);
      assertThatThrownBy(() -> slow.getInputStream().read())
          .isInstanceOf(SocketTimeoutException.class);
      nanos.addAndGet(AdminConnection.PATIENCE.toNanos()); // it may have been accepted late
      slow.setSoTimeout(10_000);
      assertThat(ended(slow)).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "localhost",
        "LocalHost:8080",
        "127.0.0.1",
        "10.1.2.3:8080",
        "[::1]:8080",
        "crawler.example:8080"
      })
  void itAnswersUnderAddressesAndUnderItsNames(String host) throws Exception {
    AdminSettings named = new AdminSettings("127.0.0.1", 0, List.of("crawler.example"));
    AdminPages pages = new AdminPages(() -> "", health, () -> Status.of().build());
    try (AdminServer other = AdminServer.start(named, pages, ledger);
        Socket socket = ask(other, "GET /status HTTP/1.1\r\nHost: " + host + "\r\n\r\n")) {
      assertThat(read(socket)).startsWith("HTTP/1.1 200 ");
    }
  }

  /** A web page of evil.example, whose name currently resolves to 127.0.0.1, sends this host. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "evil.example",
        "evil.example:8080",
        "127.0.0.1.evil.example",
        "localhost.evil.example",
        "evil.example:127.0.0.1",
        ""
      })
  void aForeignHostIsRefusedAndNotRepeated(String host) throws Exception {
    for (String path : List.of("/", "/status", "/metrics", "/health/live")) {
      try (Socket socket = ask(server, "GET " + path + " HTTP/1.1\r\nHost: " + host + "\r\n\r\n")) {
        assertThat(read(socket))
            .startsWith("HTTP/1.1 421 ")
            .contains("admin.hosts")
            .doesNotContain("evil");
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET /status HTTP/1.1\r\n\r\n",
        "GET /status HTTP/1.1\r\nHost: localhost\r\nhost: evil.example\r\n\r\n",
        "GET http://evil.example/status HTTP/1.1\r\nHost: localhost\r\n\r\n",
        "GET /status HTTP/2.0\r\nHost: localhost\r\n\r\n",
        "GET /status\r\n\r\n",
        "\r\n\r\n",
        "*1\r\n$4\r\nPING\r\n\r\n"
      })
  void whatIsNotAPlainRequestIsRefused(String request) throws Exception {
    try (Socket socket = ask(server, request)) {
      assertThat(read(socket)).startsWith("HTTP/1.1 400 ");
    }
  }

  @Test
  void aHeadWithoutAnEndIsRefused() throws Exception {
    String head = "GET /status HTTP/1.1\r\nX: " + "y".repeat(8 << 10);
    try (Socket socket = ask(server, head)) {
      assertThat(read(socket)).startsWith("HTTP/1.1 400 ");
    }
  }

  /** The health check of the compose file sends such a request. */
  @Test
  void anOldClientNeedsNoHost() throws Exception {
    try (Socket socket = ask(server, "GET /health/live HTTP/1.0\r\n\r\n")) {
      assertThat(read(socket)).startsWith("HTTP/1.1 200 ");
    }
  }

  private static Socket ask(AdminServer server, String request) throws IOException {
    Socket socket = new Socket(LOOPBACK, server.port());
    socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
    return socket;
  }

  private static String read(Socket socket) throws IOException {
    return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }

  @Test
  void closingStrikesItFromTheLedgerAlsoWithAClientThatNeverAsks() throws IOException {
    try (Socket silent = new Socket(LOOPBACK, server.port())) {
      assertThat(ledger.open())
          .isEqualTo(Map.of(ResourceKind.ADMIN, 1, ResourceKind.EPOLL, 1, ResourceKind.THREAD, 3));

      server.close();
      server.close();

      assertThat(ledger.open()).isEmpty();
      assertThat(ended(silent)).isTrue();
    }
  }

  /** Whether the server closed the connection, or reset it before accepting it. */
  private static boolean ended(Socket client) throws IOException {
    try {
      return client.getInputStream().read() == -1;
    } catch (SocketException e) {
      return true;
    }
  }

  private void start(AdminSettings settings) {
    AdminServer.start(settings, new AdminPages(() -> "", health, () -> Status.of().build()), ledger)
        .close();
  }

  private HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return client.send(request(path).build(), BodyHandlers.ofString());
  }

  private HttpRequest.Builder request(String path) {
    return request(server, path);
  }

  private static HttpRequest.Builder request(AdminServer server, String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path));
  }
}
