package io.sluice.parser.extract;

/**
 * Mends text that is no well-formed UTF-16: character references such as that to U+D800 make lone
 * surrogates, which UTF-8 cannot carry. Thread-safe: stateless.
 */
final class WellFormed {

  /** What takes the place of a lone surrogate. */
  static final char REPLACEMENT = '\uFFFD';

  private WellFormed() {}

  /** The text with each lone surrogate replaced; the same where there is none. */
  static String of(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (Character.isSurrogate(text.charAt(i))) {
        return mend(text);
      }
    }
    return text;
  }

  private static String mend(String text) {
    StringBuilder mended = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (isPair(text, i)) {
        mended.append(c).append(text.charAt(++i));
      } else {
        mended.append(Character.isSurrogate(c) ? REPLACEMENT : c);
      }
    }
    return mended.toString();
  }

  /** Whether a surrogate pair begins there. */
  static boolean isPair(String text, int at) {
    return Character.isHighSurrogate(text.charAt(at))
        && at + 1 < text.length()
        && Character.isLowSurrogate(text.charAt(at + 1));
  }
}
