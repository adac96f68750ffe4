package io.sluice.parser.reference;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.BiConsumer;

/**
 * The strings of a JSON-LD block, with the names of their members. Nesting and the lengths of names
 * and numbers are bounded by Jackson's defaults. Thread-safe.
 */
public final class JsonLd {

  private static final String TYPE = "application/ld+json";
  private static final String CONTEXT = "@context";

  private static final JsonFactory JSON =
      JsonFactory.builder()
          .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES) // the page chooses the names
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .build();

  private JsonLd() {}

  /** Whether a script's type is that of JSON-LD, with or without parameters. */
  public static boolean isType(String type) {
    int end = type.indexOf(';');
    String essence = end < 0 ? type : type.substring(0, end);
    return essence.strip().equalsIgnoreCase(TYPE);
  }

  /**
   * Passes on each string with the name of its member, or of the member whose list it is in. If the
   * JSON is broken, passes on the strings before the error. Skips contexts, whose strings name
   * vocabularies.
   *
   * @param to receives the name, empty if there is none, and the string
   */
  public static void strings(String block, BiConsumer<String, String> to) {
    String name = "";
    Deque<String> around = new ArrayDeque<>();
    try (JsonParser parser = JSON.createParser(block)) {
      for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
        switch (token) {
          case FIELD_NAME -> {
            name = parser.getText();
            if (name.equals(CONTEXT)) {
              parser.nextToken();
              parser.skipChildren();
            }
          }
          case START_OBJECT, START_ARRAY -> around.push(name);
          case END_OBJECT, END_ARRAY -> name = around.pop();
          case VALUE_STRING -> to.accept(name, parser.getText());
          default -> {}
        }
      }
    } catch (IOException e) {
      // Not JSON, or broken: the strings read so far count.
    }
  }

  /**
   * Whether a string is the absolute URL of a resource, not a term of a vocabulary.
   *
   * @param name the name of its member
   */
  public static boolean isUrl(String name, String value) {
    return (value.startsWith("http://") || value.startsWith("https://"))
        && !name.equals(CONTEXT)
        && !name.equals("@type")
        && !name.equals("@vocab");
  }
}
