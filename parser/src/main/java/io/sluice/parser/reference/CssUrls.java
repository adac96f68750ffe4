package io.sluice.parser.reference;

import java.util.function.Consumer;

/**
 * Finds the {@code url()} tokens of a style sheet or a style attribute (CSS Syntax Level 3, 4.3),
 * except in comments and strings. Thread-safe: stateless.
 */
public final class CssUrls {

  private static final String FUNCTION = "url(";
  private static final int MAX_HEX_DIGITS = 6;

  private CssUrls() {}

  /**
   * Passes each URL to {@code to}, in order; takes time proportional to the style sheet's length.
   */
  public static void urls(String css, Consumer<String> to) {
    int at = 0;
    while (at < css.length()) {
      char c = css.charAt(at);
      if (c == '/' && css.startsWith("/*", at)) {
        int end = css.indexOf("*/", at + 2);
        at = end < 0 ? css.length() : end + 2;
      } else if (c == '"' || c == '\'') {
        at = stringEnd(css, at + 1, c) + 1;
      } else if (c == '\\') {
        at = pastEscape(css, at);
      } else if ((c == 'u' || c == 'U') && isFunction(css, at)) {
        at = url(css, at + FUNCTION.length(), to);
      } else {
        at++;
      }
    }
  }

  /** Whether {@code url(} is at {@code at} and is not the end of a longer name. */
  private static boolean isFunction(String css, int at) {
    return css.regionMatches(true, at, FUNCTION, 0, FUNCTION.length())
        && (at == 0 || !isName(css.charAt(at - 1)));
  }

  private static boolean isName(char c) {
    return c == '-' || c == '_' || c >= 0x80 || Character.isLetterOrDigit(c);
  }

  /** Reads a URL after its opening parenthesis; returns where to continue. */
  private static int url(String css, int from, Consumer<String> to) {
    int at = pastSpace(css, from);
    char quote = at < css.length() ? css.charAt(at) : ' ';
    int end;
    if (quote == '"' || quote == '\'') {
      at++;
      end = stringEnd(css, at, quote);
    } else {
      end = at;
      while (end < css.length() && css.charAt(end) != ')' && !isSpace(css.charAt(end))) {
        end = css.charAt(end) == '\\' ? pastEscape(css, end) : end + 1;
      }
    }
    boolean quoted = quote == '"' || quote == '\'';
    int close = pastSpace(css, end);
    if (!quoted && close < css.length() && css.charAt(close) != ')') {
      return badUrlEnd(css, close);
    }
    String url = unescaped(css.substring(at, end));
    if (!url.isEmpty()) {
      to.accept(url);
    }
    return end + 1;
  }

  /** Where to continue after a malformed URL, one that contains a space (4.3.14). */
  private static int badUrlEnd(String css, int from) {
    int at = from;
    while (at < css.length() && css.charAt(at) != ')') {
      at = css.charAt(at) == '\\' ? pastEscape(css, at) : at + 1;
    }
    return at + 1;
  }

  /**
   * The position of a string's closing quote, or of the unescaped line feed that ends it (4.3.5).
   */
  private static int stringEnd(String css, int from, char quote) {
    int at = from;
    while (at < css.length() && css.charAt(at) != quote && css.charAt(at) != '\n') {
      at = css.charAt(at) == '\\' ? pastEscape(css, at) : at + 1;
    }
    return at;
  }

  /** The end of the escape that begins with the backslash (4.3.7). */
  private static int pastEscape(String css, int backslash) {
    int digits = hexEnd(css, backslash + 1);
    if (digits == backslash + 1) {
      return Math.min(digits + 1, css.length());
    }
    return digits < css.length() && isSpace(css.charAt(digits)) ? digits + 1 : digits;
  }

  private static int hexEnd(String css, int from) {
    int at = from;
    while (at < css.length()
        && at - from < MAX_HEX_DIGITS
        && Character.digit(css.charAt(at), 16) >= 0) {
      at++;
    }
    return at;
  }

  /** Resolves escapes (4.3.7). */
  private static String unescaped(String text) {
    if (text.indexOf('\\') < 0) {
      return text;
    }
    StringBuilder plain = new StringBuilder(text.length());
    int at = 0;
    while (at < text.length()) {
      char c = text.charAt(at);
      int digits = hexEnd(text, at + 1);
      if (c != '\\') {
        plain.append(c);
        at++;
      } else if (digits > at + 1) {
        plain.appendCodePoint(codePoint(text.substring(at + 1, digits)));
        at = pastEscape(text, at);
      } else {
        // An escaped line feed continues the string on the next line.
        plain.append(
            text.startsWith("\n", at + 1) ? "" : text.substring(at + 1, pastEscape(text, at)));
        at = pastEscape(text, at);
      }
    }
    return plain.toString();
  }

  private static int codePoint(String hex) {
    int value = Integer.parseInt(hex, 16);
    boolean valid = Character.isValidCodePoint(value) && value != 0;
    return valid && !(value >= 0xD800 && value <= 0xDFFF) ? value : 0xFFFD;
  }

  private static int pastSpace(String css, int from) {
    int at = from;
    while (at < css.length() && isSpace(css.charAt(at))) {
      at++;
    }
    return at;
  }

  private static boolean isSpace(char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\f' || c == '\r';
  }
}
