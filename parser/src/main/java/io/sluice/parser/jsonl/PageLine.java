package io.sluice.parser.jsonl;

import com.fasterxml.jackson.core.JsonGenerator;
import io.sluice.core.lease.Reason;
import io.sluice.core.message.Header;
import io.sluice.core.message.Page;
import io.sluice.core.message.Timestamps;
import io.sluice.parser.extract.Extract;
import io.sluice.parser.extract.Link;
import io.sluice.parser.extract.LinkKind;
import io.sluice.parser.sink.ParsedPage;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes a page's JSON object; docs/output-format.md describes the fields. Thread-safe: stateless.
 */
final class PageLine {

  private PageLine() {}

  static void write(ParsedPage parsed, JsonGenerator to) throws IOException {
    to.writeStartObject();
    writeFields(parsed, to);
    to.writeEndObject();
  }

  /** Writes the fields of a page's object, without its braces. */
  static void writeFields(ParsedPage parsed, JsonGenerator to) throws IOException {
    Page page = parsed.page();
    Extract extract = parsed.extract();
    to.writeStringField("url", page.url());
    optional(to, "via", page.via());
    strings(to, "redirects", page.redirects());
    to.writeNumberField("depth", page.depth());
    optional(to, "tag", page.labels().tag());
    to.writeNumberField("status", page.status());
    to.writeStringField("fetched_at", Timestamps.text(page.fetchedAt()));
    to.writeNumberField("fetch_millis", page.fetchMillis());
    to.writeStringField("ip", page.ip());
    headers(to, page.headers());
    optional(to, "head", page.responseHead().isEmpty() ? null : page.responseHead());
    optional(to, "content_type", parsed.contentType().isEmpty() ? null : parsed.contentType());
    optional(to, "charset", parsed.encoding() == null ? null : parsed.encoding().name());
    optional(to, "title", extract.title());
    optional(to, "language", extract.language());
    AdditionFields.language(parsed.additions(), to);
    to.writeStringField("text", extract.text());
    AdditionFields.mainText(parsed.additions(), to);
    optional(to, "canonical", extract.canonical());
    strings(to, "robots", extract.robots());
    links(to, extract.links());
    DetailLine.write(extract.details(), to);
    AdditionFields.extracted(parsed.additions(), to);
    to.writeNumberField("bytes", page.body().size());
    to.writeStringField("digest", parsed.sha256());
    to.writeStringField("lease", page.lease().toString());
    to.writeNumberField("attempt", page.attempt());
    truncated(to, parsed);
    if (parsed.damage() != null) {
      to.writeStringField("damage", parsed.damage().word());
    }
    if (parsed.reason() != Reason.OK) {
      to.writeStringField("failure", parsed.reason().word());
    }
  }

  private static void optional(JsonGenerator to, String field, @Nullable String value)
      throws IOException {
    if (value == null) {
      to.writeNullField(field);
    } else {
      to.writeStringField(field, value);
    }
  }

  private static void strings(JsonGenerator to, String field, List<String> values)
      throws IOException {
    to.writeArrayFieldStart(field);
    for (String value : values) {
      to.writeString(value);
    }
    to.writeEndArray();
  }

  private static void headers(JsonGenerator to, List<Header> headers) throws IOException {
    to.writeArrayFieldStart("headers");
    for (Header header : headers) {
      to.writeStartArray();
      to.writeString(header.name());
      to.writeString(header.value());
      to.writeEndArray();
    }
    to.writeEndArray();
  }

  private static void links(JsonGenerator to, List<Link> links) throws IOException {
    to.writeArrayFieldStart("links");
    for (Link link : links) {
      to.writeStartObject();
      to.writeStringField("url", link.url());
      if (link.rel() != null) {
        to.writeStringField("rel", link.rel());
      }
      if (link.hreflang() != null) {
        to.writeStringField("hreflang", link.hreflang());
      }
      if (link.nofollow()) {
        to.writeBooleanField("nofollow", true);
      }
      if (link.kind() != LinkKind.A) {
        to.writeStringField("kind", link.kind().word());
      }
      if (link.text() != null) {
        to.writeStringField("text", link.text());
      }
      to.writeEndObject();
    }
    to.writeEndArray();
  }

  /**
   * Lists the parts that were cut: the fetched or inflated body, the text, the links and others.
   */
  private static void truncated(JsonGenerator to, ParsedPage parsed) throws IOException {
    to.writeArrayFieldStart("truncated");
    if (parsed.page().truncated()) {
      to.writeString("body");
    }
    if (parsed.inflatedCut()) {
      to.writeString("inflated");
    }
    if (parsed.extract().textCut()) {
      to.writeString("text");
    }
    if (parsed.extract().linksCut()) {
      to.writeString("links");
    }
    if (parsed.extract().details().cut()) {
      to.writeString("fields");
    }
    AdditionFields.truncated(parsed.additions(), to);
    to.writeEndArray();
  }
}
