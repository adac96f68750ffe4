package io.sluice.parser.extract;

import org.jspecify.annotations.Nullable;

/**
 * A refresh: a page's request to load a URL after a while, parsed by the HTML standard's shared
 * declarative refresh steps (4.2.5.3). Immutable.
 *
 * @param seconds the delay; clamped to the range of int
 * @param url the reference as written; null if the page only asks to be reloaded
 */
record MetaRefresh(int seconds, @Nullable String url) {

  /** Parses the content attribute of a meta refresh; null if it is not valid. */
  static @Nullable MetaRefresh parse(String content) {
    return new Steps(content).run();
  }

  /** The standard's parsing steps, with their position in the content. */
  private static final class Steps {
    private final String text;
    private int at;

    Steps(String text) {
      this.text = text;
    }

    @Nullable MetaRefresh run() {
      skipSpace();
      int start = at;
      while (peek() >= '0' && peek() <= '9') {
        at++;
      }
      if (at == start && peek() != '.') {
        return null;
      }
      int seconds = seconds(text.substring(start, at));
      while ((peek() >= '0' && peek() <= '9') || peek() == '.') {
        at++;
      }
      if (at < text.length()) {
        if (peek() != ';' && peek() != ',' && !isSpace(peek())) {
          return null;
        }
        skipSpace();
        if (peek() == ';' || peek() == ',') {
          at++;
        }
        skipSpace();
      }
      return new MetaRefresh(seconds, at < text.length() ? url() : null);
    }

    private static int seconds(String digits) {
      if (digits.isEmpty()) {
        return 0;
      }
      return digits.length() > 9 ? Integer.MAX_VALUE : Integer.parseInt(digits);
    }

    private String url() {
      String whole = text.substring(at);
      if (is('u')) {
        at++;
        if (!take('r') || !take('l')) {
          return whole;
        }
        skipSpace();
        if (peek() != '=') {
          return whole;
        }
        at++;
        skipSpace();
      }
      char quote = peek();
      if (quote != '\'' && quote != '"') {
        return text.substring(at);
      }
      int close = text.indexOf(quote, at + 1);
      return text.substring(at + 1, close < 0 ? text.length() : close);
    }

    private boolean take(char lower) {
      boolean is = is(lower);
      at += is ? 1 : 0;
      return is;
    }

    private boolean is(char lower) {
      return (peek() | 0x20) == lower;
    }

    private void skipSpace() {
      while (isSpace(peek())) {
        at++;
      }
    }

    private char peek() {
      return at < text.length() ? text.charAt(at) : '\0';
    }

    private static boolean isSpace(char c) {
      return c == ' ' || c == '\t' || c == '\n' || c == '\f' || c == '\r';
    }
  }
}
