package io.sluice.core.url;

/**
 * URLs in HTTP fields, whose values are bytes. Non-ASCII bytes are percent-encoded as they are, as
 * browsers do with a Location: UTF-8 becomes what the URL standard requires, including a host name,
 * and other bytes reach the server as it sent them. Thread-safe: stateless.
 */
public final class FieldUrl {

  private FieldUrl() {}

  /**
   * Percent-encodes the non-ASCII bytes of a URL, or of text with URLs in it, so that it can be
   * parsed.
   *
   * @param value a field's value, decoded as ISO 8859-1
   */
  public static String text(String value) {
    int at = 0;
    while (at < value.length() && value.charAt(at) < 0x80) {
      at++;
    }
    if (at == value.length()) {
      return value;
    }
    StringBuilder text = new StringBuilder(value.length() + 32).append(value, 0, at);
    for (; at < value.length(); at++) {
      char c = value.charAt(at);
      if (c < 0x80) {
        text.append(c);
      } else {
        PercentEncoding.appendByte(text, c & 0xFF);
      }
    }
    return text.toString();
  }
}
