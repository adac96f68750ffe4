package io.sluice.it;

import io.sluice.core.testing.Json;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One reading of a process's {@code /status}. Immutable.
 *
 * @param fields the values by name; empty if the process is not up
 */
record Status(Map<String, @Nullable Object> fields) {

  private static final Duration PATIENCE = Duration.ofSeconds(5);

  /** Reads a process's status; empty if the process is not up yet or has ended. */
  static Status of(CrawlDir dir, String process) throws IOException, InterruptedException {
    if (!dir.isUp(process)) {
      return new Status(Map.of());
    }
    URI uri = URI.create("http://127.0.0.1:" + dir.adminPort(process) + "/status");
    HttpRequest request = HttpRequest.newBuilder(uri).timeout(PATIENCE).build();
    try (HttpClient http = HttpClient.newHttpClient()) {
      return new Status(
          Json.object(http.send(request, HttpResponse.BodyHandlers.ofString()).body()));
    } catch (ConnectException e) {
      return new Status(Map.of()); // a killed process left its process file
    }
  }

  /** The value of a number field; -1 if it is missing. */
  long number(String name) {
    return fields.get(name) instanceof Number number ? number.longValue() : -1;
  }
}
