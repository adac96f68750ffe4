package io.sluice.parser.jsonl;

import com.fasterxml.jackson.core.JsonGenerator;
import io.sluice.parser.addition.Additions;
import io.sluice.parser.rules.Extracted;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.Map;

/** Writes the fields of {@link Additions} into a page's line. Thread-safe: stateless. */
final class AdditionFields {

  private AdditionFields() {}

  static void mainText(Additions additions, JsonGenerator to) throws IOException {
    if (additions.mainText() != null) {
      to.writeStringField("main_text", additions.mainText().value());
    }
    if (additions.markdown() != null) {
      to.writeStringField("markdown", additions.markdown().value());
    }
  }

  static void language(Additions additions, JsonGenerator to) throws IOException {
    if (additions.language() != null) {
      to.writeStringField("detected_language", additions.language().tag());
    }
  }

  static void extracted(Additions additions, JsonGenerator to) throws IOException {
    if (additions.extracted() != null) {
      extracted(additions.extracted(), to);
    }
  }

  /** Lists the optional parts that were cut. */
  static void truncated(Additions additions, JsonGenerator to) throws IOException {
    if (additions.mainText() != null && additions.mainText().cut()) {
      to.writeString("main_text");
    }
    if (additions.markdown() != null && additions.markdown().cut()) {
      to.writeString("markdown");
    }
    if (additions.extracted() != null && additions.extracted().cut()) {
      to.writeString("extracted");
    }
  }

  private static void extracted(Extracted extracted, JsonGenerator to) throws IOException {
    to.writeObjectFieldStart("extracted");
    for (Map.Entry<String, Extracted.Field> entry : extracted.fields().entrySet()) {
      Extracted.Field field = entry.getValue();
      to.writeFieldName(entry.getKey());
      if (field.list()) {
        to.writeStartArray();
      } else if (field.values().isEmpty()) {
        to.writeNull();
      }
      for (Object value : field.values()) {
        value(value, to);
      }
      if (field.list()) {
        to.writeEndArray();
      }
    }
    to.writeEndObject();
  }

  private static void value(Object value, JsonGenerator to) throws IOException {
    switch (value) {
      case BigDecimal number -> to.writeNumber(number.toPlainString());
      case Boolean truth -> to.writeBoolean(truth);
      default -> to.writeString(value.toString());
    }
  }
}
