package io.sluice.frontier.crawllog;

import com.fasterxml.jackson.core.JsonGenerator;
import io.sluice.core.lease.UrlEnd;
import io.sluice.core.message.Timestamps;
import io.sluice.frontier.queue.QueuedUrl;
import java.io.IOException;
import java.time.Instant;

/** Writes lines of the crawl log, field by field. Thread-safe: stateless. */
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
    UrlEnd.Target target = end.target();
    if (target != null) {
      json.writeStringField("target", target.href());
      if (target.refused() != null) {
        json.writeStringField("target_refused", target.refused());
      }
    }
    if (end.ip() != null) {
      json.writeStringField("ip", end.ip());
    }
    json.writeStringField("at", Timestamps.text(end.at()));
    json.writeNumberField("fetch_millis", end.fetchMillis());
    json.writeNumberField("bytes", end.bytes());
    json.writeEndObject();
    json.writeRaw('\n');
  }

  /** Writes the line of a host that was given up; it has no URL, but a count of URLs. */
  static void writeGivenUp(JsonGenerator json, String host, String reason, long urls, Instant at)
      throws IOException {
    json.writeStartObject();
    json.writeStringField("host", host);
    json.writeStringField("outcome", "given-up");
    json.writeStringField("reason", reason);
    json.writeNumberField("urls", urls);
    json.writeStringField("at", Timestamps.text(at));
    json.writeEndObject();
    json.writeRaw('\n');
  }

  /** Writes the line of a host that is left alone for longer than its delay. */
  static void writeLeftAlone(
      JsonGenerator json, String host, String reason, Instant at, Instant until)
      throws IOException {
    json.writeStartObject();
    json.writeStringField("host", host);
    json.writeStringField("outcome", "left-alone");
    json.writeStringField("reason", reason);
    json.writeStringField("at", at.toString());
    json.writeStringField("until", until.toString());
    json.writeEndObject();
    json.writeRaw('\n');
  }

  /** Writes the line of a request that did not give a URL its final status. */
  static void writeAsked(JsonGenerator json, String host, Instant at, long millis)
      throws IOException {
    json.writeStartObject();
    json.writeStringField("host", host);
    json.writeStringField("outcome", "asked");
    json.writeStringField("at", at.toString());
    json.writeNumberField("fetch_millis", millis);
    json.writeEndObject();
    json.writeRaw('\n');
  }
}
