package io.sluice.parser.encoding;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * UTF-8 as the Encoding Standard decodes it (8.1.1). The JDK's decoder does the same, except that
 * it turns an encoded surrogate into one U+FFFD where the standard has three. Thread-safe:
 * stateless.
 */
final class Utf8 {

  private static final byte SURROGATE_LEAD = (byte) 0xED;

  /** A byte that is malformed anywhere, so the decoder reads whatever follows separately. */
  private static final byte NEVER_VALID = (byte) 0xFF;

  private Utf8() {}

  static String decode(byte[] bytes, int from, int to) {
    String text = new String(bytes, from, to - from, StandardCharsets.UTF_8);
    // Only a text with replacements can hold an encoded surrogate.
    if (text.indexOf(Decoder.REPLACEMENT) < 0 || surrogate(bytes, from, to) == to) {
      return text;
    }
    byte[] broken = Arrays.copyOfRange(bytes, from, to);
    int length = broken.length;
    for (int at = surrogate(broken, 0, length); at < length; at = surrogate(broken, at, length)) {
      broken[at] = NEVER_VALID;
    }
    return new String(broken, StandardCharsets.UTF_8);
  }

  /** Where the first encoded surrogate begins, or {@code to}. */
  private static int surrogate(byte[] bytes, int from, int to) {
    for (int i = from; i + 1 < to; i++) {
      if (bytes[i] == SURROGATE_LEAD && (bytes[i + 1] & 0xE0) == 0xA0) {
        return i;
      }
    }
    return to;
  }
}
