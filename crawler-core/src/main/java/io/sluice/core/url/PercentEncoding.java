package io.sluice.core.url;

import java.nio.charset.StandardCharsets;

/**
 * Percent-encoding of UTF-8 with the sets of the URL standard (1.3, "percent-encoded bytes").
 * Non-ASCII characters are always encoded. Thread-safe: stateless.
 */
final class PercentEncoding {

  /** The standard's "special-query percent-encode set". */
  static final AsciiSet QUERY = AsciiSet.CONTROLS.with(" \"#<>'");

  /** The standard's "path percent-encode set". */
  static final AsciiSet PATH = AsciiSet.CONTROLS.with(" \"#<>?^`{}");

  /** The standard's "userinfo percent-encode set". */
  static final AsciiSet USERINFO = PATH.with("/:;=@[\\]|");

  private static final char[] HEX = "0123456789ABCDEF".toCharArray();

  private PercentEncoding() {}

  /** Appends {@code in[from, to)}; characters that are in the set, or not ASCII, are encoded. */
  static void append(StringBuilder out, String in, int from, int to, AsciiSet encoded) {
    int copied = from;
    int at = from;
    while (at < to) {
      char c = in.charAt(at);
      if (c >= 128 || encoded.contains(c)) {
        out.append(in, copied, at);
        at = appendEncoded(out, in, at);
        copied = at;
      } else {
        at++;
      }
    }
    out.append(in, copied, to);
  }

  /**
   * Appends the UTF-8 bytes of the code point at {@code in[at]}, encoded; a lone surrogate counts
   * as U+FFFD.
   *
   * @return where the next code point begins
   */
  static int appendEncoded(StringBuilder out, String in, int at) {
    int codePoint = in.codePointAt(at);
    if (codePoint < 0x80) {
      appendByte(out, codePoint);
    } else if (codePoint < 0x800) {
      appendByte(out, 0xC0 | codePoint >> 6);
      appendContinuation(out, codePoint);
    } else if (codePoint < 0x10000) {
      int scalar = Character.isSurrogate((char) codePoint) ? 0xFFFD : codePoint;
      appendByte(out, 0xE0 | scalar >> 12);
      appendContinuation(out, scalar >> 6);
      appendContinuation(out, scalar);
    } else {
      appendByte(out, 0xF0 | codePoint >> 18);
      appendContinuation(out, codePoint >> 12);
      appendContinuation(out, codePoint >> 6);
      appendContinuation(out, codePoint);
    }
    return at + Character.charCount(codePoint);
  }

  /** Appends a byte of UTF-8 after the first: six bits. */
  private static void appendContinuation(StringBuilder out, int bits) {
    appendByte(out, 0x80 | (bits & 0x3F));
  }

  /** Appends a byte of a query in any encoding: as it is, if it is ASCII and may stay. */
  static void appendQueryByte(StringBuilder out, char value) {
    if (value >= 128 || QUERY.contains(value)) {
      appendByte(out, value);
    } else {
      out.append(value);
    }
  }

  static void appendByte(StringBuilder out, int value) {
    out.append('%').append(HEX[value >> 4]).append(HEX[value & 0xF]);
  }

  /** Decodes every valid {@code %xx}, leaves others alone, and reads the bytes as UTF-8. */
  static String decode(String in) {
    byte[] bytes = in.getBytes(StandardCharsets.UTF_8);
    int length = 0;
    for (int at = 0; at < bytes.length; at++) {
      int value = bytes[at] == '%' && at + 2 < bytes.length ? hexByte(bytes, at + 1) : -1;
      bytes[length++] = value < 0 ? bytes[at] : (byte) value;
      at += value < 0 ? 0 : 2;
    }
    return new String(bytes, 0, length, StandardCharsets.UTF_8);
  }

  /** The byte written as two hexadecimal digits, or -1. */
  private static int hexByte(byte[] bytes, int at) {
    int high = Character.digit((char) (bytes[at] & 0xFF), 16);
    int low = Character.digit((char) (bytes[at + 1] & 0xFF), 16);
    return high < 0 || low < 0 ? -1 : high << 4 | low;
  }
}
