package io.sluice.it;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One reading of a process's {@code /metrics}. Immutable.
 *
 * @param values by name and labels, as written in the text
 */
record Metrics(Map<String, Double> values) {

  static Metrics read(HttpClient http, long adminPort) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + adminPort + "/metrics"))
            .timeout(Duration.ofSeconds(20))
            .build();
    return parse(http.send(request, HttpResponse.BodyHandlers.ofString()).body());
  }

  static Metrics parse(String text) {
    Map<String, Double> values = new LinkedHashMap<>();
    for (String line : text.lines().filter(line -> !line.startsWith("#")).toList()) {
      int blank = line.lastIndexOf(' ');
      String value = line.substring(blank + 1).replace("+Inf", "Infinity");
      values.put(line.substring(0, blank), Double.valueOf(value));
    }
    return new Metrics(values);
  }

  /** The value of a metric, given its name with labels; {@code NaN} if it is missing. */
  double value(String name) {
    return values.getOrDefault(name, Double.NaN);
  }

  /** The values of a metric with one label, by that label's value. */
  Map<String, Double> byLabel(String name) {
    Map<String, Double> found = new LinkedHashMap<>();
    values.forEach(
        (key, value) -> {
          if (key.startsWith(name + "{")) {
            found.put(key.substring(key.indexOf('"') + 1, key.lastIndexOf('"')), value);
          }
        });
    return found;
  }
}
