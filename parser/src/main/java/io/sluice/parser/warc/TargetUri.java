package io.sluice.parser.warc;

import java.nio.charset.StandardCharsets;
import java.util.BitSet;

/**
 * Writes a URL as a URI (RFC 3986): the URL standard leaves some characters in a path or a query
 * that are not allowed in a URI. Thread-safe: stateless.
 */
final class TargetUri {

  /** Characters allowed in a URI's path and query (RFC 3986, 3.3 and 3.4), except percent signs. */
  private static final BitSet ALLOWED = allowed();

  private TargetUri() {}

  /**
   * The URI of an absolute http(s) URL.
   *
   * @param href serialized by the URL standard: ASCII
   */
  static String of(String href) {
    int path = href.indexOf('/', href.indexOf("://") + 3);
    for (int i = path; i >= 0 && i < href.length(); i++) {
      if (!stays(href, i)) {
        return encoded(href, i);
      }
    }
    return href;
  }

  private static String encoded(String href, int from) {
    StringBuilder uri = new StringBuilder(href.length() + 16).append(href, 0, from);
    for (int i = from; i < href.length(); i++) {
      if (stays(href, i)) {
        uri.append(href.charAt(i));
      } else {
        uri.append('%').append(String.format("%02X", (int) href.charAt(i)));
      }
    }
    return uri.toString();
  }

  private static boolean stays(String href, int at) {
    char c = href.charAt(at);
    return c == '%'
        ? at + 2 < href.length() && isHex(href.charAt(at + 1)) && isHex(href.charAt(at + 2))
        : ALLOWED.get(c);
  }

  private static boolean isHex(char c) {
    return Character.digit(c, 16) >= 0;
  }

  private static BitSet allowed() {
    BitSet allowed = new BitSet(128);
    String all =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~!$&'()*+,;=:@/?";
    for (byte b : all.getBytes(StandardCharsets.US_ASCII)) {
      allowed.set(b);
    }
    return allowed;
  }
}
