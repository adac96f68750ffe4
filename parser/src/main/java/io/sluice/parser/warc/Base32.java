package io.sluice.parser.warc;

/** Base32 (RFC 4648, 6), in which WARC digests are written. Thread-safe: stateless. */
final class Base32 {

  private static final String ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

  private Base32() {}

  /**
   * Encodes bytes whose number is a multiple of five, such as a SHA-1 digest, so that no padding is
   * needed.
   */
  static String encode(byte[] bytes) {
    StringBuilder text = new StringBuilder(bytes.length * 8 / 5);
    int bits = 0;
    int held = 0;
    for (byte b : bytes) {
      held = (held << 8 | (b & 0xff)) & 0xfff;
      bits += 8;
      while (bits >= 5) {
        bits -= 5;
        text.append(ALPHABET.charAt(held >> bits & 31));
      }
    }
    return text.toString();
  }
}
