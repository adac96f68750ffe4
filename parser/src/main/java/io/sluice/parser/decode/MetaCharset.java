package io.sluice.parser.decode;

import io.sluice.parser.encoding.Encoding;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What a meta element says about its document's encoding. Thread-safe: stateless. */
public final class MetaCharset {

  private MetaCharset() {}

  /**
   * The encoding that a meta element of a parsed document declares (HTML standard, 13.2.6.4.4); a
   * missing attribute is passed as an empty string. Null if it declares none.
   */
  public static @Nullable Encoding of(String charset, String httpEquiv, String content) {
    Encoding declared = charset.isEmpty() ? null : Encoding.ofLabel(charset);
    if (declared == null && httpEquiv.equalsIgnoreCase("content-type")) {
      declared = ofContent(content.toLowerCase(Locale.ROOT));
    }
    return declared == null ? null : readable(declared);
  }

  /**
   * The encoding to use for a declared one: the declaration was read as ASCII, which rules out
   * UTF-16 and x-user-defined.
   */
  static Encoding readable(Encoding declared) {
    if (declared.equals(Encoding.UTF_16BE) || declared.equals(Encoding.UTF_16LE)) {
      return Encoding.UTF_8;
    }
    return declared.name().equals("x-user-defined") ? Encoding.WINDOWS_1252 : declared;
  }

  /**
   * The standard's "extracting a character encoding from a meta element".
   *
   * @param content in lower case
   */
  static @Nullable Encoding ofContent(String content) {
    int from = 0;
    while (true) {
      int word = content.indexOf("charset", from);
      if (word < 0) {
        return null;
      }
      int i = pastSpace(content, word + 7);
      if (i < content.length() && content.charAt(i) == '=') {
        return ofContentValue(content, pastSpace(content, i + 1));
      }
      from = i;
    }
  }

  private static @Nullable Encoding ofContentValue(String content, int from) {
    if (from >= content.length()) {
      return null;
    }
    char first = content.charAt(from);
    if (first == '"' || first == '\'') {
      int close = content.indexOf(first, from + 1);
      return close < 0 ? null : Encoding.ofLabel(content.substring(from + 1, close));
    }
    int i = from;
    while (i < content.length() && content.charAt(i) != ';' && !isSpace(content.charAt(i))) {
      i++;
    }
    return Encoding.ofLabel(content.substring(from, i));
  }

  private static int pastSpace(String text, int from) {
    int i = from;
    while (i < text.length() && isSpace(text.charAt(i))) {
      i++;
    }
    return i;
  }

  private static boolean isSpace(char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\f' || c == '\r';
  }
}
