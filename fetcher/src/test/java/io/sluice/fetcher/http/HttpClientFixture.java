package io.sluice.fetcher.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.sluice.core.config.SluiceConfig;
import io.sluice.core.lease.Reason;
import io.sluice.core.resource.ResourceLedger;
import io.sluice.fetcher.guard.AddressGuard;
import io.sluice.fetcher.loop.EventLoops;
import io.sluice.fetcher.loop.Lane;
import io.sluice.fetcher.testing.HostileServer;
import io.sluice.fetcher.testing.RecordingDesk;
import io.sluice.fetcher.testing.TestSettings;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;

/**
 * A client with its loops, created when a test first uses it. None of its resources may be left
 * open after the test. Confined to the test's thread.
 */
abstract class HttpClientFixture {
  final TestSettings settings = new TestSettings();
  final ResourceLedger ledger = new ResourceLedger();
  final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private @Nullable EventLoops loops;
  private @Nullable HttpClient client;

  @AfterEach
  void nothingIsLeftOpen() throws Exception {
    if (loops != null && client != null) {
      HttpClient closing = client;
      for (Lane lane : loops.lanes()) {
        lane.loop().submit(() -> closing.close(lane)).get(5, TimeUnit.SECONDS);
      }
      loops.close();
    }
    assertThat(ledger.entries()).isEmpty();
    assertThat(gauge("active")).isZero();
    assertThat(gauge("idle")).isZero();
  }

  double gauge(String state) {
    var gauge = meters.find("sluice.http.connections").tag("state", state).gauge();
    return gauge == null ? 0 : gauge.value();
  }

  HttpClient client() {
    if (client == null) {
      SluiceConfig config = settings.config();
      loops = EventLoops.open(2, ledger);
      client =
          new HttpClient(
              config,
              loops,
              new AddressGuard(config.fetcher().addresses()),
              meters,
              InstantSource.system());
    }
    return client;
  }

  /** The client's loops. */
  EventLoops loops() {
    client();
    return Objects.requireNonNull(loops);
  }

  CompletableFuture<HttpReply> send(String url) {
    return send(url, HostTerms.PROVEN, false);
  }

  CompletableFuture<HttpReply> send(String url, HostTerms terms) {
    return send(url, terms, false);
  }

  CompletableFuture<HttpReply> send(String url, HostTerms terms, boolean newConnection) {
    SluiceConfig config = settings.config();
    HttpClient asked = client();
    long nanos = Objects.requireNonNull(loops).lanes().getFirst().nanoTime();
    return asked.fetch(
        new HttpRequest(
            RecordingDesk.url(url),
            RequestHeads.forPages("Test"),
            config.fetcher().maxBodyBytes(),
            nanos + config.fetcher().timeouts().total().toNanos(),
            RecordingDesk.leave(config, url),
            terms,
            newConnection));
  }

  HttpReply get(String url) throws Exception {
    return send(url).get(10, TimeUnit.SECONDS);
  }

  Response answer(String url) throws Exception {
    HttpReply reply = get(url);
    assertThat(reply).isInstanceOf(HttpReply.Answered.class);
    return ((HttpReply.Answered) reply).response();
  }

  static String text(Response response) {
    return new String(response.body().bytes(), StandardCharsets.ISO_8859_1);
  }

  Reason failure(String url) throws Exception {
    HttpReply reply = get(url);
    assertThat(reply).isInstanceOf(HttpReply.Failed.class);
    return ((HttpReply.Failed) reply).reason();
  }

  /**
   * Starts a server that sends this response to the first request and then keeps the connection
   * open.
   */
  static HostileServer once(String response) {
    return HostileServer.start(
        talk -> {
          if (talk.nextRequest() != null) {
            talk.send(response);
            talk.stall();
          }
        });
  }

  /**
   * Starts a server that sends this response to the first request and then closes the connection.
   */
  static HostileServer lastly(String response) {
    return HostileServer.start(
        talk -> {
          if (talk.nextRequest() != null) {
            talk.send(response);
          }
        });
  }
}
