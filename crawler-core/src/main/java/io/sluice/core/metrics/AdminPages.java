package io.sluice.core.metrics;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The pages of the admin port. It answers GET and HEAD, looks only at the path, and never echoes
 * it.
 *
 * <ul>
 *   <li>{@code /metrics}: the registry in Prometheus' text format
 *   <li>{@code /health/live}: 200, or 503 once a check failed for good
 *   <li>{@code /health/ready}: 200, or 503 with the reasons
 *   <li>{@code /status}: the status as JSON
 *   <li>{@code /}: a page that shows the status and refreshes itself
 * </ul>
 *
 * <p>Thread-safe as far as its sources are.
 */
public final class AdminPages {

  private static final Logger log = LoggerFactory.getLogger(AdminPages.class);

  private static final String TEXT = "text/plain; charset=utf-8";
  private static final String JSON = "application/json";

  private static final String LIVE = "/health/live";
  private static final String READY = "/health/ready";

  /** The answer to anything but a well-formed HTTP/1 request with one Host field. */
  static final Answer BAD_REQUEST = Answer.of(400, TEXT, "not an HTTP/1 request\n");

  /** The answer to a request for a foreign host: misdirected (RFC 9110, 15.5.20). */
  static final Answer FOREIGN_HOST =
      Answer.of(
          421, TEXT, "the admin port does not answer to this host name; admin.hosts adds names\n");

  private static final String PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8";

  private final Supplier<String> metrics;
  private final Health health;
  private final StatusSource status;
  private final Answer page = file("live.html", "text/html; charset=utf-8");
  private final Answer script = file("live.js", "text/javascript; charset=utf-8");
  private final Answer style = file("live.css", "text/css; charset=utf-8");

  /**
   * Creates pages that render these sources.
   *
   * @param metrics a scrape in Prometheus' text format: {@code registry::scrape}
   * @param health for the health paths
   * @param status for the status
   */
  public AdminPages(Supplier<String> metrics, Health health, StatusSource status) {
    this.metrics = metrics;
    this.health = health;
    this.status = status;
  }

  /** Whether a page is rendered from memory alone, so that it never has to wait. */
  static boolean isMadeAtOnce(String path) {
    return path.equals(LIVE) || path.equals(READY);
  }

  /** The answer to a request; a source that throws makes it a 500. */
  Answer answer(String method, String path) {
    if (!method.equals("GET") && !method.equals("HEAD")) {
      return Answer.of(405, TEXT, "only GET and HEAD are allowed\n").with("Allow", "GET, HEAD");
    }
    try {
      return switch (path) {
        case "/" -> page;
        case "/live.js" -> script;
        case "/live.css" -> style;
        case "/metrics" -> Answer.of(200, PROMETHEUS, metrics.get());
        case "/status" -> Answer.of(200, JSON, status.status().toJson());
        case LIVE -> health(health.fatal());
        case READY -> health(health.reasons());
        default -> Answer.of(404, TEXT, "no such page\n");
      };
    } catch (RuntimeException e) {
      log.warn("the admin page {} failed", path, e);
      return Answer.of(500, TEXT, "this page failed; the log says why\n");
    }
  }

  private static Answer health(Map<String, String> reasons) {
    Status.Builder listed = Status.of();
    reasons.forEach(listed::put);
    Status said = Status.of().put("ok", reasons.isEmpty()).put("reasons", listed.build()).build();
    return Answer.of(reasons.isEmpty() ? 200 : 503, JSON, said.toJson());
  }

  private static Answer file(String name, String type) {
    try (InputStream file = AdminPages.class.getResourceAsStream(name)) {
      if (file == null) {
        throw new IllegalStateException(name + " is missing from the jar");
      }
      return Answer.of(200, type, new String(file.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(name, e);
    }
  }

  /**
   * An answer. Immutable.
   *
   * @param headers the header fields that this answer has in addition to those of every answer
   * @param text the content, to be sent as UTF-8
   */
  record Answer(int status, Map<String, String> headers, String text) {

    private static final Map<String, String> ALWAYS =
        Map.of(
            "Cache-Control", "no-store",
            "X-Content-Type-Options", "nosniff",
            "X-Frame-Options", "DENY",
            "Referrer-Policy", "no-referrer",
            "Content-Security-Policy",
                "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'");

    Answer {
      headers = Map.copyOf(headers);
    }

    static Answer of(int status, String type, String text) {
      return new Answer(status, ALWAYS, text).with("Content-Type", type);
    }

    /**
     * The whole response, after which the connection ends.
     *
     * @param headOnly whether the request's method was HEAD
     */
    ByteBuffer toHttp(boolean headOnly) {
      byte[] body = text.getBytes(StandardCharsets.UTF_8);
      StringBuilder lines = new StringBuilder("HTTP/1.1 %d \r\n".formatted(status));
      headers.forEach((field, value) -> lines.append(field + ": " + value + "\r\n"));
      lines.append("Content-Length: %d\r\nConnection: close\r\n\r\n".formatted(body.length));
      byte[] head = lines.toString().getBytes(StandardCharsets.ISO_8859_1);
      ByteBuffer whole = ByteBuffer.allocate(head.length + (headOnly ? 0 : body.length));
      whole.put(head);
      if (!headOnly) {
        whole.put(body);
      }
      return whole.flip();
    }

    Answer with(String field, String value) {
      Map<String, String> more = new TreeMap<>(headers);
      more.put(field, value);
      return new Answer(status, more, text);
    }
  }
}
