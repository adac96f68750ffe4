package io.sluice.parser.extract;

import java.util.Locale;
import org.jsoup.nodes.Element;
import org.jsoup.nodes.Range;
import org.jsoup.parser.Parser;
import org.jspecify.annotations.Nullable;

/**
 * Reads attributes of elements, including those beyond the first {@value #MAX_KEPT} of a tag, which
 * jsoup drops: the tag is read again if the tree has its position in the source. Confined to its
 * page's extraction.
 */
final class TagAttributes {

  /** Maximum number of attributes that jsoup keeps for a tag. */
  private static final int MAX_KEPT = 512;

  /** The source of a tree that was built with positions; null if it has none. */
  private final @Nullable String source;

  private boolean incomplete;

  TagAttributes(@Nullable String source) {
    this.source = source;
  }

  /** An attribute's value; empty if the element lacks it. */
  String of(Element element, String name) {
    String value = element.attributes().get(name);
    if (!value.isEmpty() || element.attributesSize() < MAX_KEPT) {
      return value;
    }
    if (source == null) {
      incomplete = true;
      return "";
    }
    Range range = element.sourceRange();
    String tag = source.substring(range.startPos(), Math.min(range.endPos(), source.length()));
    return new Reader(tag).find(name);
  }

  /** Whether a requested attribute may be missing because jsoup dropped it. */
  boolean incomplete() {
    return incomplete;
  }

  /** The tokenizer's steps for the attributes of one start tag (HTML standard, from 13.2.5.32). */
  private static final class Reader {
    private final String tag;
    private int at;

    Reader(String tag) {
      this.tag = tag;
    }

    String find(String wanted) {
      skipUntilSpace();
      while (true) {
        while (at < tag.length() && (isSpace(tag.charAt(at)) || tag.charAt(at) == '/')) {
          at++;
        }
        if (at >= tag.length() || tag.charAt(at) == '>') {
          return "";
        }
        String name = name();
        String value = value();
        if (name.equals(wanted)) {
          return Parser.unescapeEntities(value, true);
        }
      }
    }

    private void skipUntilSpace() {
      while (at < tag.length() && !isSpace(tag.charAt(at)) && tag.charAt(at) != '/') {
        at++;
      }
    }

    private String name() {
      int start = at++;
      while (at < tag.length() && !isSpace(tag.charAt(at)) && "/>=".indexOf(tag.charAt(at)) < 0) {
        at++;
      }
      return tag.substring(start, at).toLowerCase(Locale.ROOT);
    }

    private String value() {
      skipSpace();
      if (at >= tag.length() || tag.charAt(at) != '=') {
        return "";
      }
      at++;
      skipSpace();
      if (at >= tag.length()) {
        return "";
      }
      char quote = tag.charAt(at);
      int start = at;
      if (quote == '"' || quote == '\'') {
        int close = tag.indexOf(quote, start + 1);
        at = close < 0 ? tag.length() : close + 1;
        return tag.substring(start + 1, close < 0 ? tag.length() : close);
      }
      while (at < tag.length() && !isSpace(tag.charAt(at)) && tag.charAt(at) != '>') {
        at++;
      }
      return tag.substring(start, at);
    }

    private void skipSpace() {
      while (at < tag.length() && isSpace(tag.charAt(at))) {
        at++;
      }
    }

    private static boolean isSpace(char c) {
      return c == ' ' || c == '\t' || c == '\n' || c == '\f' || c == '\r';
    }
  }
}
