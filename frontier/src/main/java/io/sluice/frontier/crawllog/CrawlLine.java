package io.sluice.frontier.crawllog;

import com.fasterxml.jackson.core.JsonGenerator;
import io.sluice.core.lease.UrlEnd;
import io.sluice.frontier.queue.QueuedUrl;
import java.io.IOException;

/** The crawl log's line, field by field. Thread-safe: stateless. */
final class CrawlLine {

  private CrawlLine() {}

  /** Writes one object and a line feed; a field without a value is left out. */
  static void write(JsonGenerator json, QueuedUrl url, UrlEnd end) throws IOException {
    json.writeStartObject();
    json.writeStringField("url", url.href());
    json.writeStringField("outcome", end.ending().word());
    json.writeStringField("reason", end.reason());
    if (end.status() != 0) {
      json.writeNumberField("status", end.status());
    }
    json.writeNumberField("attempts", url.attempts());
    json.writeNumberField("depth", url.depth());
    if (url.labels().tag() != null) {
      json.writeStringField("tag", url.labels().tag());
    }
    if (url.via() != null) {
      json.writeStringField("via", url.via());
    }
    if (!url.redirects().isEmpty()) {
      json.writeArrayFieldStart("redirects");
      for (String redirect : url.redirects()) {
        json.writeString(redirect);
      }
      json.writeEndArray();
    }
    if (end.ip() != null) {
      json.writeStringField("ip", end.ip());
    }
    json.writeStringField("at", end.at().toString());
    json.writeNumberField("fetch_millis", end.fetchMillis());
    json.writeNumberField("bytes", end.bytes());
    json.writeEndObject();
    json.writeRaw('\n');
  }
}
