package io.sluice.it;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/**
 * A running process's admin port, looked up before a stop so that it can be read during the stop.
 * Immutable.
 */
final class AdminPort implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final HttpClient http = HttpClient.newHttpClient();
  private final long port;

  private AdminPort(long port) {
    this.port = port;
  }

  static AdminPort of(CrawlDir dir, String process) throws IOException {
    return new AdminPort(dir.adminPort(process));
  }

  HttpResponse<String> get(String path) throws IOException, InterruptedException {
    URI uri = URI.create("http://127.0.0.1:" + port + path);
    HttpRequest request = HttpRequest.newBuilder(uri).timeout(PATIENCE).build();
    return http.send(request, HttpResponse.BodyHandlers.ofString());
  }

  Metrics metrics() throws IOException, InterruptedException {
    return Metrics.parse(get("/metrics").body());
  }

  @Override
  public void close() {
    http.close();
  }
}
