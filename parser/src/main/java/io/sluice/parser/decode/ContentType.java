package io.sluice.parser.decode;

import io.sluice.core.coding.DecodedBody;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The content type that a response's Content-Type fields declare together, as the Fetch standard
 * extracts it ("extract a MIME type"). Immutable.
 *
 * @param essence type and subtype in lower case; empty if none is usable
 * @param charset the charset parameter as sent; null if there is none
 */
public record ContentType(String essence, @Nullable String charset) {

  private static final ContentType UNKNOWN = new ContentType("", null);

  /**
   * Reads the fields: the last value that can be parsed counts, and inherits the charset from
   * earlier ones of the same type.
   *
   * @param fields the fields' values in order
   */
  public static ContentType of(List<String> fields) {
    ContentType last = UNKNOWN;
    for (String value : split(String.join(", ", fields))) {
      ContentType next = MimeType.parse(value);
      if (next != null && !next.essence.equals("*/*")) {
        boolean inherits = next.charset == null && next.essence.equals(last.essence);
        last = inherits ? new ContentType(next.essence, last.charset) : next;
      }
    }
    return last;
  }

  /** Splits a list field at commas outside quotes (Fetch, 2.2.2). */
  private static List<String> split(String list) {
    List<String> values = new ArrayList<>(1);
    int start = 0;
    int at = 0;
    while (at < list.length()) {
      char c = list.charAt(at);
      if (c == '"') {
        at = MimeType.afterQuotes(list, at);
        continue;
      }
      if (c == ',') {
        values.add(list.substring(start, at));
        start = at + 1;
      }
      at++;
    }
    values.add(list.substring(start));
    return values;
  }

  /** This type or, if it is unknown, the type sniffed from the body. */
  public ContentType orSniffed(DecodedBody body) {
    return switch (essence) {
      case "", "unknown/unknown", "application/unknown" ->
          new ContentType(MimeSniffing.essence(body), null);
      default -> this;
    };
  }

  /** Whether a body of this type is parsed as HTML. */
  public boolean isHtml() {
    return essence.equals("text/html") || essence.equals("application/xhtml+xml");
  }
}
