package io.sluice.parser.decode;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A Content-Type field's value (RFC 9110, 8.3), read leniently. Immutable.
 *
 * @param essence type and subtype in lower case; empty where the field is missing or malformed
 * @param charset the charset parameter as sent; null where there is none
 */
public record ContentType(String essence, @Nullable String charset) {

  private static final ContentType UNKNOWN = new ContentType("", null);

  /** What HTML begins with, after whitespace (MIME Sniffing, 7.1); a tag ends with space or >. */
  private static final List<String> HTML_STARTS =
      List.of(
          "<!doctype html",
          "<html",
          "<head",
          "<script",
          "<iframe",
          "<h1",
          "<div",
          "<font",
          "<table",
          "<a",
          "<style",
          "<title",
          "<b",
          "<body",
          "<br",
          "<p");

  /** Reads a field's value; null or rubbish gives an empty essence. */
  public static ContentType parse(@Nullable String value) {
    if (value == null) {
      return UNKNOWN;
    }
    int semicolon = value.indexOf(';');
    String essence =
        (semicolon < 0 ? value : value.substring(0, semicolon)).strip().toLowerCase(Locale.ROOT);
    int slash = essence.indexOf('/');
    if (slash < 1 || slash == essence.length() - 1) {
      return UNKNOWN;
    }
    return new ContentType(essence, semicolon < 0 ? null : charset(value, semicolon + 1));
  }

  private static @Nullable String charset(String value, int from) {
    int at = from;
    while (at < value.length()) {
      int end = parameterEnd(value, at);
      int equals = value.indexOf('=', at);
      if (equals >= 0
          && equals < end
          && value.substring(at, equals).strip().equalsIgnoreCase("charset")) {
        String charset = value.substring(equals + 1, end).strip();
        boolean quoted = charset.length() >= 2 && charset.startsWith("\"");
        return quoted ? charset.substring(1, charset.length() - 1) : charset;
      }
      at = end + 1;
    }
    return null;
  }

  /** Where the parameter from {@code from} ends: the next semicolon outside of quotes. */
  private static int parameterEnd(String value, int from) {
    boolean quoted = false;
    for (int i = from; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c == '"') {
        quoted = !quoted;
      } else if (c == ';' && !quoted) {
        return i;
      }
    }
    return value.length();
  }

  /**
   * Whether a body is to be parsed as HTML: it is declared so, or nothing is declared and it looks
   * like it.
   */
  public boolean isHtml(DecodedBody body) {
    return switch (essence) {
      case "text/html", "application/xhtml+xml" -> true;
      case "", "unknown/unknown", "application/unknown", "*/*" -> looksLikeHtml(body);
      default -> false;
    };
  }

  private static boolean looksLikeHtml(DecodedBody body) {
    int start = 0;
    while (start < body.size() && isSpace(body.bytes()[start])) {
      start++;
    }
    int length = Math.min(body.size() - start, 16);
    String head =
        new String(body.bytes(), start, length, StandardCharsets.ISO_8859_1)
            .toLowerCase(Locale.ROOT);
    if (head.startsWith("<!--")) {
      return true;
    }
    for (String tag : HTML_STARTS) {
      if (head.startsWith(tag)
          && head.length() > tag.length()
          && (head.charAt(tag.length()) == '>' || isSpace((byte) head.charAt(tag.length())))) {
        return true;
      }
    }
    return false;
  }

  private static boolean isSpace(byte b) {
    return b == ' ' || b == '\t' || b == '\n' || b == '\f' || b == '\r';
  }
}
