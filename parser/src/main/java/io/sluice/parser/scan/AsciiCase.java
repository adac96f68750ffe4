package io.sluice.parser.scan;

/** Compares names ignoring ASCII case (Infra standard, 4.6). Thread-safe: stateless. */
final class AsciiCase {

  private AsciiCase() {}

  /** Lower-cases an ASCII letter; returns any other character unchanged. */
  static char lower(char c) {
    return c >= 'A' && c <= 'Z' ? (char) (c | 0x20) : c;
  }

  static boolean isLetter(char c) {
    int lower = c | 0x20;
    return lower >= 'a' && lower <= 'z';
  }

  /**
   * Whether a character separates attributes and names: tab, line feed, form feed, carriage return
   * or space.
   */
  static boolean isSpace(char c) {
    return c <= ' ' && (c == ' ' || c == '\n' || c == '\t' || c == '\r' || c == '\f');
  }

  /**
   * Whether the text at {@code from} is {@code name}, ignoring case.
   *
   * @param buffer ends in U+0000, so that a name cut off by its end does not match
   * @param name in lower case
   */
  static boolean matches(char[] buffer, int from, String name) {
    if (from + name.length() > buffer.length) {
      return false;
    }
    for (int i = 0; i < name.length(); i++) {
      if (lower(buffer[from + i]) != name.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  /** Whether two ranges of the same length hold the same name. */
  static boolean same(char[] buffer, int one, int other, int length) {
    for (int i = 0; i < length; i++) {
      if (lower(buffer[one + i]) != lower(buffer[other + i])) {
        return false;
      }
    }
    return true;
  }
}
