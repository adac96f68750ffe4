package io.sluice.parser.encoding;

/** Decodes Shift_JIS (Encoding Standard, 12.3.1). Immutable. */
final class ShiftJisDecoder implements Decoder {

  /** Pointers that stand for private-use characters, from U+E000. */
  private static final int PRIVATE_FIRST = 8_836;

  private static final int PRIVATE_LAST = 10_715;

  private final int[] index = EncodingIndexes.of("jis0208");

  @Override
  public int decode(byte[] in, int from, int to, char[] out) {
    int length = 0;
    int i = from;
    while (i < to) {
      while (in[i] >= 0) {
        out[length++] = (char) in[i++];
        if (i == to) {
          return length;
        }
      }
      int lead = in[i++] & 0xFF;
      if (lead == 0x80) {
        out[length++] = (char) lead;
      } else if (lead >= 0xA1 && lead <= 0xDF) {
        out[length++] = (char) (0xFF61 - 0xA1 + lead);
      } else if (lead == 0xA0 || lead > 0xFC || i == to) {
        out[length++] = REPLACEMENT;
      } else {
        int trail = in[i] & 0xFF;
        int codePoint = codePoint(lead, trail);
        out[length++] = codePoint == EncodingIndexes.NONE ? REPLACEMENT : (char) codePoint;
        i += codePoint == EncodingIndexes.NONE && trail < 0x80 ? 0 : 1;
      }
    }
    return length;
  }

  private int codePoint(int lead, int trail) {
    boolean valid = (trail >= 0x40 && trail <= 0x7E) || (trail >= 0x80 && trail <= 0xFC);
    if (!valid) {
      return EncodingIndexes.NONE;
    }
    int offset = trail < 0x7F ? 0x40 : 0x41;
    int leadOffset = lead < 0xA0 ? 0x81 : 0xC1;
    int pointer = (lead - leadOffset) * 188 + trail - offset;
    return pointer >= PRIVATE_FIRST && pointer <= PRIVATE_LAST
        ? 0xE000 + pointer - PRIVATE_FIRST
        : EncodingIndexes.codePoint(index, pointer);
  }
}
