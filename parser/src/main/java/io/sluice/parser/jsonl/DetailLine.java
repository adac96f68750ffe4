package io.sluice.parser.jsonl;

import com.fasterxml.jackson.core.JsonGenerator;
import io.sluice.parser.extract.Alternates;
import io.sluice.parser.extract.PageDetails;
import io.sluice.parser.extract.PageDetails.Heading;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes the fields of a page's JSON object that {@code parser.fields} turns on; a field for which
 * the page has no value is left out. Thread-safe: stateless.
 */
final class DetailLine {

  private DetailLine() {}

  static void write(PageDetails details, JsonGenerator to) throws IOException {
    if (details.equals(PageDetails.NONE)) {
      return;
    }
    if (!details.meta().isEmpty()) {
      to.writeObjectFieldStart("meta");
      single(to, details.meta());
      to.writeEndObject();
    }
    if (!details.alternates().isEmpty()) {
      alternates(to, details.alternates());
    }
    several(to, "open_graph", details.openGraph());
    several(to, "twitter", details.twitter());
    strings(to, "json_ld", details.jsonLd());
    strings(to, "microdata", details.microdata());
    headings(to, details.headings());
    optional(to, "html", details.html());
  }

  private static void alternates(JsonGenerator to, Alternates alternates) throws IOException {
    to.writeObjectFieldStart("alternates");
    if (!alternates.hreflang().isEmpty()) {
      to.writeObjectFieldStart("hreflang");
      single(to, alternates.hreflang());
      to.writeEndObject();
    }
    optional(to, "amphtml", alternates.amphtml());
    optional(to, "next", alternates.next());
    optional(to, "prev", alternates.prev());
    strings(to, "feeds", alternates.feeds());
    strings(to, "sitemaps", alternates.sitemaps());
    to.writeEndObject();
  }

  private static void headings(JsonGenerator to, List<Heading> headings) throws IOException {
    if (headings.isEmpty()) {
      return;
    }
    to.writeArrayFieldStart("headings");
    for (Heading heading : headings) {
      to.writeStartObject();
      to.writeNumberField("level", heading.level());
      to.writeStringField("text", heading.text());
      to.writeEndObject();
    }
    to.writeEndArray();
  }

  private static void single(JsonGenerator to, Map<String, String> values) throws IOException {
    for (Map.Entry<String, String> value : values.entrySet()) {
      to.writeStringField(value.getKey(), value.getValue());
    }
  }

  private static void several(JsonGenerator to, String field, Map<String, List<String>> values)
      throws IOException {
    if (values.isEmpty()) {
      return;
    }
    to.writeObjectFieldStart(field);
    for (Map.Entry<String, List<String>> value : values.entrySet()) {
      strings(to, value.getKey(), value.getValue());
    }
    to.writeEndObject();
  }

  private static void optional(JsonGenerator to, String field, @Nullable String value)
      throws IOException {
    if (value != null) {
      to.writeStringField(field, value);
    }
  }

  private static void strings(JsonGenerator to, String field, List<String> values)
      throws IOException {
    if (values.isEmpty()) {
      return;
    }
    to.writeArrayFieldStart(field);
    for (String value : values) {
      to.writeString(value);
    }
    to.writeEndArray();
  }
}
