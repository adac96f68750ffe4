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
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class AdminServerTest {

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
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
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
  void closingStrikesItFromTheLedgerAlsoWithAClientThatNeverAsks() throws IOException {
    try (Socket silent = new Socket(InetAddress.ofLiteral("127.0.0.1"), server.port())) {
      assertThat(ledger.open())
          .isEqualTo(Map.of(ResourceKind.ADMIN, 1, ResourceKind.EPOLL, 1, ResourceKind.THREAD, 3));

      server.close();
      server.close();

      assertThat(ledger.open()).isEmpty();
      assertThat(ended(silent)).isTrue();
    }
  }

  /** Whether the server closed the connection, or reset it where it had not yet accepted it. */
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
