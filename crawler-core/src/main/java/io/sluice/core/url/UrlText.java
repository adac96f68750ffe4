package io.sluice.core.url;

/**
 * The standard's first two steps, which remove characters from an input. Thread-safe: stateless.
 */
final class UrlText {

  private UrlText() {}

  /**
   * The input without surrounding control characters and spaces and without tabs and line breaks;
   * usually the input itself.
   */
  static String clean(String input) {
    int from = 0;
    int to = input.length();
    while (from < to && input.charAt(from) <= ' ') {
      from++;
    }
    while (from < to && input.charAt(to - 1) <= ' ') {
      to--;
    }
    boolean broken =
        input.indexOf('\n', from, to) >= 0
            || input.indexOf('\t', from, to) >= 0
            || input.indexOf('\r', from, to) >= 0;
    return broken ? joined(input, from, to) : input.substring(from, to);
  }

  private static String joined(String input, int from, int to) {
    StringBuilder joined = new StringBuilder(to - from);
    for (int i = from; i < to; i++) {
      char c = input.charAt(i);
      if (c != '\n' && c != '\t' && c != '\r') {
        joined.append(c);
      }
    }
    return joined.toString();
  }
}
