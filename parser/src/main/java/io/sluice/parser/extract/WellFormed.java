package io.sluice.parser.extract;

/**
 * Repairs text that is not well-formed UTF-16: character references such as one to U+D800 yield
 * lone surrogates, which UTF-8 cannot encode. Thread-safe: stateless.
 */
public final class WellFormed {

  /** Replaces a lone surrogate. */
  static final char REPLACEMENT = '\uFFFD';

  private WellFormed() {}

  /** Replaces each lone surrogate; returns {@code text} itself if there is none. */
  public static String of(String text) {
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

  /** Whether a surrogate pair begins at {@code at}. */
  static boolean isPair(String text, int at) {
    return Character.isHighSurrogate(text.charAt(at))
        && at + 1 < text.length()
        && Character.isLowSurrogate(text.charAt(at + 1));
  }
}
