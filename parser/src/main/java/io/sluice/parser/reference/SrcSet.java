package io.sluice.parser.reference;

import java.util.function.Consumer;

/** The URLs of a srcset attribute (HTML standard, 4.8.4.2.2). Thread-safe: stateless. */
public final class SrcSet {

  private SrcSet() {}

  /**
   * Passes each candidate's URL to {@code to}, in order; takes time proportional to the value's
   * length.
   */
  public static void urls(String value, Consumer<String> to) {
    int at = 0;
    while (true) {
      while (at < value.length() && (isSpace(value.charAt(at)) || value.charAt(at) == ',')) {
        at++;
      }
      if (at == value.length()) {
        return;
      }
      int from = at;
      while (at < value.length() && !isSpace(value.charAt(at))) {
        at++;
      }
      int end = at;
      while (end > from && value.charAt(end - 1) == ',') {
        end--;
      }
      to.accept(value.substring(from, end));
      if (end == at) {
        at = pastDescriptors(value, at);
      }
    }
  }

  /**
   * The end of a candidate's descriptors. A comma in parentheses, which the standard reserves for
   * future use, does not end them.
   */
  private static int pastDescriptors(String value, int from) {
    boolean inParentheses = false;
    for (int at = from; at < value.length(); at++) {
      char c = value.charAt(at);
      if (c == '(') {
        inParentheses = true;
      } else if (c == ')') {
        inParentheses = false;
      } else if (c == ',' && !inParentheses) {
        return at;
      }
    }
    return value.length();
  }

  private static boolean isSpace(char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\f' || c == '\r';
  }
}
