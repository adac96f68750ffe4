package io.sluice.parser.decode;

import io.sluice.core.coding.DecodedBody;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;

/**
 * Determines the type of a body of unknown type by its first bytes (MIME Sniffing, 7.1): HTML, XML,
 * PDF, text or other binary data; images, fonts and archives are not distinguished. Stateless.
 */
final class MimeSniffing {

  /** The number of bytes that are examined (MIME Sniffing, 5.2). */
  private static final int HEADER = 1445;

  /**
   * The beginnings of HTML, after whitespace; a tag must be followed by {@code >} or whitespace.
   */
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

  private MimeSniffing() {}

  /** The type and subtype; empty for an empty body. */
  static String essence(DecodedBody body) {
    if (body.size() == 0) {
      return "";
    }
    int size = Math.min(body.size(), HEADER);
    String header = new String(body.bytes(), 0, size, StandardCharsets.ISO_8859_1);
    int start = 0;
    while (start < size && space(header.charAt(start))) {
      start++;
    }
    String rest = header.substring(start);
    if (html(rest.substring(0, Math.min(rest.length(), 16)).toLowerCase(Locale.ROOT))) {
      return "text/html";
    }
    if (rest.startsWith("<?xml")) {
      return "text/xml";
    }
    if (header.startsWith("%PDF-")) {
      return "application/pdf";
    }
    boolean marked =
        header.startsWith("\u00fe\u00ff")
            || header.startsWith("\u00ff\u00fe")
            || header.startsWith("\u00ef\u00bb\u00bf");
    return marked || header.chars().noneMatch(MimeSniffing::binary)
        ? "text/plain"
        : "application/octet-stream";
  }

  private static boolean html(String start) {
    if (start.startsWith("<!--")) {
      return true;
    }
    for (String tag : HTML_STARTS) {
      if (start.startsWith(tag)
          && start.length() > tag.length()
          && (start.charAt(tag.length()) == '>' || space(start.charAt(tag.length())))) {
        return true;
      }
    }
    return false;
  }

  private static boolean space(char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\f' || c == '\r';
  }

  /** Whether a byte is a binary data byte (MIME Sniffing, 3). */
  private static boolean binary(int b) {
    return b <= 0x08 || b == 0x0b || (b >= 0x0e && b <= 0x1a) || (b >= 0x1c && b <= 0x1f);
  }
}
