package io.sluice.parser.extract;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A link of a Link field (RFC 8288, 3), read leniently. One with an {@code anchor} is a link of
 * another document and is left out. Immutable.
 *
 * @param target the reference as written
 * @param rel the relation types, lower case, separated by spaces; null if there are none
 * @param hreflang the first hreflang parameter; null if there is none
 * @param type the first type parameter; null if there is none
 */
record LinkField(
    String target, @Nullable String rel, @Nullable String hreflang, @Nullable String type) {

  /** The links of a field's value, in order. */
  static List<LinkField> parse(String value) {
    return new Reader(value).links();
  }

  /** Parses one value; keeps the position in it. */
  private static final class Reader {
    private final String text;
    private int at;

    Reader(String text) {
      this.text = text;
    }

    List<LinkField> links() {
      List<LinkField> links = new ArrayList<>();
      while (true) {
        int open = text.indexOf('<', at);
        int close = open < 0 ? -1 : text.indexOf('>', open);
        if (close < 0) {
          return links;
        }
        at = close + 1;
        LinkField link = parameters(text.substring(open + 1, close).strip());
        if (link != null) {
          links.add(link);
        }
      }
    }

    /** Reads parameters up to the comma before the next link; null if the link has an anchor. */
    private @Nullable LinkField parameters(String target) {
      String rel = null;
      String hreflang = null;
      String type = null;
      boolean anchored = false;
      skip(" \t");
      while (peek() == ';') {
        at++;
        skip(" \t;");
        String name = token("=;,").strip().toLowerCase(Locale.ROOT);
        String value = peek() == '=' ? value() : "";
        switch (name) {
          case "rel" -> rel = rel == null ? value.strip().toLowerCase(Locale.ROOT) : rel;
          case "hreflang" -> hreflang = hreflang == null ? value.strip() : hreflang;
          case "type" -> type = type == null ? value.strip() : type;
          case "anchor" -> anchored = true;
          default -> {}
        }
        skip(" \t");
      }
      return anchored
          ? null
          : new LinkField(target, nullIfEmpty(rel), nullIfEmpty(hreflang), nullIfEmpty(type));
    }

    private String value() {
      at++;
      skip(" \t");
      if (peek() != '"') {
        return token(";,");
      }
      StringBuilder quoted = new StringBuilder();
      for (at++; at < text.length() && peek() != '"'; at++) {
        at += peek() == '\\' && at + 1 < text.length() ? 1 : 0;
        quoted.append(peek());
      }
      at++;
      return quoted.toString();
    }

    private String token(String ends) {
      int start = at;
      while (at < text.length() && ends.indexOf(text.charAt(at)) < 0) {
        at++;
      }
      return text.substring(start, at);
    }

    private void skip(String chars) {
      while (at < text.length() && chars.indexOf(text.charAt(at)) >= 0) {
        at++;
      }
    }

    private char peek() {
      return at < text.length() ? text.charAt(at) : '\0';
    }

    private static @Nullable String nullIfEmpty(@Nullable String text) {
      return text == null || text.isEmpty() ? null : WellFormed.of(text);
    }
  }
}
