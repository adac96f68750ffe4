package io.sluice.parser.jsonl;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.sluice.parser.sink.ParsedPage;
import java.io.IOException;
import java.io.StringWriter;
import java.util.Map;

/**
 * A page's JSON object for people: pretty-printed, and with the rules that found its fields.
 * Stateless.
 */
public final class PrettyPage {

  private PrettyPage() {}

  /**
   * The object of the page's JSON line. If a rule matched, it ends with {@code extracted_by}: for
   * each field that was found, the name of its rule.
   */
  public static String of(ParsedPage page) {
    StringWriter text = new StringWriter();
    try (JsonGenerator to = new JsonFactory().createGenerator(text).useDefaultPrettyPrinter()) {
      to.writeStartObject();
      PageLine.writeFields(page, to);
      if (page.additions().extracted() != null) {
        to.writeObjectFieldStart("extracted_by");
        for (Map.Entry<String, String> rule : page.additions().extracted().rules().entrySet()) {
          to.writeStringField(rule.getKey(), rule.getValue());
        }
        to.writeEndObject();
      }
      to.writeEndObject();
    } catch (IOException e) {
      throw new IllegalStateException("cannot write to a string", e);
    }
    return text.toString();
  }
}
