package io.sluice.parser.encoding;

/** Decodes an encoding with one byte per character (Encoding Standard, 9 and 14.5). Immutable. */
final class SingleByteDecoder implements Decoder {

  /** The characters of the bytes from 0x80. */
  private final char[] upper;

  private SingleByteDecoder(char[] upper) {
    this.upper = upper;
  }

  /** The decoder with the named index. */
  static SingleByteDecoder of(String index) {
    int[] codePoints = EncodingIndexes.of(index);
    char[] upper = new char[128];
    for (int i = 0; i < upper.length; i++) {
      upper[i] = codePoints[i] == EncodingIndexes.NONE ? REPLACEMENT : (char) codePoints[i];
    }
    return new SingleByteDecoder(upper);
  }

  /** The decoder of x-user-defined: U+F780 to U+F7FF. */
  static SingleByteDecoder userDefined() {
    char[] upper = new char[128];
    for (int i = 0; i < upper.length; i++) {
      upper[i] = (char) (0xF780 + i);
    }
    return new SingleByteDecoder(upper);
  }

  @Override
  public int decode(byte[] in, int from, int to, char[] out) {
    for (int i = from; i < to; i++) {
      byte b = in[i];
      out[i - from] = b >= 0 ? (char) b : upper[b & 0x7F];
    }
    return to - from;
  }
}
