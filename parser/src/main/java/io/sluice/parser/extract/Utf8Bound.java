package io.sluice.parser.extract;

/** Cuts text to a number of UTF-8 bytes. Thread-safe: stateless. */
public final class Utf8Bound {

  private Utf8Bound() {}

  /**
   * The longest prefix of a text that takes at most {@code maxBytes} in UTF-8; no character is cut
   * in two.
   */
  public static String cut(String text, int maxBytes) {
    if (text.length() <= maxBytes / 3) {
      return text;
    }
    int bytes = 0;
    int at = 0;
    while (at < text.length()) {
      int codePoint = text.codePointAt(at);
      bytes += codePoint < 0x80 ? 1 : codePoint < 0x800 ? 2 : codePoint < 0x10000 ? 3 : 4;
      if (bytes > maxBytes) {
        return text.substring(0, at);
      }
      at += Character.charCount(codePoint);
    }
    return text;
  }
}
