package io.sluice.core.config;

/**
 * Text from outside, made safe for a message: bounded, on one line, without control characters and
 * without passwords. Stateless.
 */
public final class Echo {

  private static final int MAX_CODE_POINTS = 80;

  /** Maximum length of a sentence in characters; it is extended to the end of a word. */
  private static final int MAX_SENTENCE = 240;

  private static final String MASK = "***";

  private Echo() {}

  /** The text with control and invisible characters escaped, cut to 80 characters. */
  public static String of(String text) {
    return of(text, MAX_CODE_POINTS);
  }

  /** A library's message, its control characters escaped, cut between two words. */
  public static String sentence(String text) {
    if (text.length() <= MAX_SENTENCE) {
      return whole(text);
    }
    int blank = text.lastIndexOf(' ', MAX_SENTENCE);
    return of(text, blank > MAX_SENTENCE / 2 ? blank : MAX_SENTENCE);
  }

  /** The whole text, its control and invisible characters escaped; the caller bounds it. */
  public static String whole(String text) {
    return of(text, Integer.MAX_VALUE);
  }

  private static String of(String text, int atMost) {
    StringBuilder out = new StringBuilder(Math.min(text.length(), 2 * MAX_CODE_POINTS));
    int shown = 0;
    for (int i = 0; i < text.length(); i += Character.charCount(text.codePointAt(i))) {
      if (shown++ == atMost) {
        return out.append('…').toString();
      }
      append(out, text.codePointAt(i));
    }
    return out.toString();
  }

  /**
   * The escaped, cut text of a URI that may carry a password: everything before its last {@code @}
   * except the scheme is masked. Since the URI may be misspelled, too much is hidden rather than
   * too little.
   */
  public static String withoutPassword(String uri) {
    int at = uri.lastIndexOf('@');
    if (at < 0) {
      return of(uri);
    }
    int scheme = uri.indexOf("://");
    int from = scheme < 0 || scheme > at ? 0 : scheme + 3;
    return of(uri.substring(0, from) + MASK + uri.substring(at));
  }

  private static void append(StringBuilder out, int codePoint) {
    switch (Character.getType(codePoint)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.SURROGATE,
          Character.UNASSIGNED ->
          out.append(String.format("\\u%04x", codePoint));
      default -> out.appendCodePoint(codePoint);
    }
  }
}
