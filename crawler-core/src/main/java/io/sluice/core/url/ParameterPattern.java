package io.sluice.core.url;

import org.jspecify.annotations.Nullable;

/**
 * A pattern of URL parameters, written {@code name}, {@code begin*} or {@code name:32}: by name or
 * by its beginning, without regard to case, and optionally only if the value has at least that many
 * characters. Names are compared as URLs spell them, including percent-encoding. Immutable.
 *
 * @param name the name or its beginning, not empty
 * @param beginning whether longer names with this beginning match, too
 * @param minLength minimum length of the value
 */
public record ParameterPattern(String name, boolean beginning, int minLength) {

  /** Maximum length of a name. */
  public static final int MAX_NAME = 64;

  private static final int MAX_DIGITS = 4;
  private static final AsciiSet NAME = AsciiSet.LETTERS.or(AsciiSet.DIGITS).with("-._~$%[]()@!");

  /** Reads the written form; null if the text is not one. */
  public static @Nullable ParameterPattern parse(String text) {
    int colon = text.indexOf(':');
    String names = colon < 0 ? text : text.substring(0, colon);
    int minLength = colon < 0 ? 0 : decimal(text.substring(colon + 1));
    boolean beginning = names.endsWith("*");
    String name = beginning ? names.substring(0, names.length() - 1) : names;
    boolean valid = !name.isEmpty() && name.length() <= MAX_NAME && consistsOf(NAME, name);
    return valid && minLength >= 0 ? new ParameterPattern(name, beginning, minLength) : null;
  }

  /**
   * Whether the pattern matches a parameter with the name {@code href[from, to)} and a value of
   * {@code valueLength} characters.
   */
  boolean matches(String href, int from, int to, int valueLength) {
    int length = to - from;
    return valueLength >= minLength
        && (beginning ? length >= name.length() : length == name.length())
        && href.regionMatches(true, from, name, 0, name.length());
  }

  /** A decimal number; -1 for anything else. */
  private static int decimal(String text) {
    boolean number =
        !text.isEmpty() && text.length() <= MAX_DIGITS && consistsOf(AsciiSet.DIGITS, text);
    return number ? Integer.parseInt(text) : -1;
  }

  private static boolean consistsOf(AsciiSet allowed, String text) {
    for (int i = 0; i < text.length(); i++) {
      if (!allowed.contains(text.charAt(i))) {
        return false;
      }
    }
    return true;
  }

  /** The written form. */
  @Override
  public String toString() {
    return name + (beginning ? "*" : "") + (minLength > 0 ? ":" + minLength : "");
  }
}
