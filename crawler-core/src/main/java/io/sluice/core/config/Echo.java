package io.sluice.core.config;

/**
 * Text from outside, made fit for a message: bounded, on one line, without control characters and
 * without passwords. Stateless.
 */
public final class Echo {

  private static final int MAX_CODE_POINTS = 80;
  private static final String MASK = "***";

  private Echo() {}

  /** The text, its control and invisible characters escaped, cut to 80 characters. */
  public static String of(String text) {
    return of(text, MAX_CODE_POINTS);
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
   * The same for a URI that may carry a password: what stands before its last {@code @} is masked,
   * its scheme excepted. Rather too much is hidden than too little, for the URI may be misspelt.
   */
  static String withoutPassword(String uri) {
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
