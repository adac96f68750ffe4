package io.sluice.core.url;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Appends a query in an encoding other than UTF-8. Thread-safe: stateless. */
final class EncodedQuery {

  private EncodedQuery() {}

  /** Appends {@code in[from, to)} in {@code encoder}'s encoding, percent-encoded. */
  static void append(StringBuilder out, String in, int from, int to, QueryEncoder encoder) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    int at = from;
    while (at < to) {
      int codePoint = in.codePointAt(at);
      int scalar = Character.getType(codePoint) == Character.SURROGATE ? 0xFFFD : codePoint;
      int lacking = encoder.encode(scalar, bytes);
      flush(out, bytes);
      if (lacking != QueryEncoder.ENCODED) {
        out.append("%26%23").append(lacking).append("%3B");
      }
      at += Character.charCount(codePoint);
    }
    encoder.end(bytes);
    flush(out, bytes);
  }

  private static void flush(StringBuilder out, ByteArrayOutputStream bytes) {
    String chars = bytes.toString(StandardCharsets.ISO_8859_1);
    for (int i = 0; i < chars.length(); i++) {
      PercentEncoding.appendQueryByte(out, chars.charAt(i));
    }
    bytes.reset();
  }
}
