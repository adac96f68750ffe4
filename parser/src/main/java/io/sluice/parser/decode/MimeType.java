package io.sluice.parser.decode;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Parses one MIME type (MIME Sniffing, 4.4) as far as it is needed here. Stateless. */
final class MimeType {

  private static final String TOKEN_MARKS = "!#$%&'*+-.^_`|~";

  private MimeType() {}

  /** Reads a type and its charset parameter; null if it is not a MIME type. */
  static @Nullable ContentType parse(String value) {
    String text = strip(value);
    int slash = text.indexOf('/');
    int semicolon = end(text, ';', Math.max(slash, 0));
    if (slash < 0 || !token(text.substring(0, slash))) {
      return null;
    }
    String subtype = stripEnd(text.substring(slash + 1, semicolon));
    if (!token(subtype)) {
      return null;
    }
    String essence = (text.substring(0, slash) + '/' + subtype).toLowerCase(Locale.ROOT);
    return new ContentType(essence, charset(text, semicolon));
  }

  /** The first charset parameter that has a valid value. */
  private static @Nullable String charset(String text, int from) {
    int at = from;
    while (at < text.length()) {
      int partEnd = end(text, ';', at + 1);
      int equals = text.substring(Math.min(at + 1, partEnd), partEnd).indexOf('=');
      int nameEnd = equals < 0 ? partEnd : Math.min(at + 1, partEnd) + equals;
      String name = stripStart(text.substring(Math.min(at + 1, text.length()), nameEnd));
      if (nameEnd == text.length() || text.charAt(nameEnd) == ';') {
        at = nameEnd;
        continue;
      }
      boolean quoted = nameEnd + 1 < text.length() && text.charAt(nameEnd + 1) == '"';
      int valueEnd = quoted ? afterQuotes(text, nameEnd + 1) : end(text, ';', nameEnd + 1);
      String sent = text.substring(nameEnd + 1, valueEnd);
      String value = quoted ? unquoted(sent) : stripEnd(sent);
      if (name.equalsIgnoreCase("charset") && (quoted || !value.isEmpty()) && valid(value)) {
        return value;
      }
      at = end(text, ';', valueEnd);
    }
    return null;
  }

  /** The index after the quoted string at {@code from}; its closing quote may be missing. */
  static int afterQuotes(String text, int from) {
    int at = from + 1;
    while (at < text.length() && text.charAt(at) != '"') {
      at += text.charAt(at) == '\\' ? 2 : 1;
    }
    return Math.min(at + 1, text.length());
  }

  private static String unquoted(String quoted) {
    StringBuilder value = new StringBuilder(quoted.length());
    for (int i = 1; i < quoted.length() && quoted.charAt(i) != '"'; i++) {
      if (quoted.charAt(i) == '\\' && i + 1 < quoted.length()) {
        i++;
      }
      value.append(quoted.charAt(i));
    }
    return value.toString();
  }

  private static int end(String text, char of, int from) {
    int found = text.indexOf(of, from);
    return found < 0 ? text.length() : found;
  }

  private static String strip(String text) {
    return stripEnd(stripStart(text));
  }

  private static String stripStart(String text) {
    int from = 0;
    while (from < text.length() && whitespace(text.charAt(from))) {
      from++;
    }
    return text.substring(from);
  }

  private static String stripEnd(String text) {
    int to = text.length();
    while (to > 0 && whitespace(text.charAt(to - 1))) {
      to--;
    }
    return text.substring(0, to);
  }

  private static boolean whitespace(char c) {
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
  }

  private static boolean token(String text) {
    return !text.isEmpty()
        && text.chars()
            .allMatch(
                c ->
                    (c >= 'a' && c <= 'z')
                        || (c >= 'A' && c <= 'Z')
                        || (c >= '0' && c <= '9')
                        || TOKEN_MARKS.indexOf(c) >= 0);
  }

  /** Whether all characters of a value may occur in a quoted string. */
  private static boolean valid(String value) {
    return value
        .chars()
        .allMatch(c -> c == '\t' || (c >= ' ' && c <= '~') || (c >= 0x80 && c <= 0xff));
  }
}
