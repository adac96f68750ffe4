package io.sluice.parser.encoding;

/** Decodes EUC-JP (Encoding Standard, 12.1.1). Immutable. */
final class EucJpDecoder implements Decoder {

  private static final int KATAKANA = 0x8E;
  private static final int THREE_BYTES = 0x8F;

  private final int[] jis0208 = EncodingIndexes.of("jis0208");
  private final int[] jis0212 = EncodingIndexes.of("jis0212");

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
      if (lead != KATAKANA && lead != THREE_BYTES && !isJis(lead)) {
        out[length++] = REPLACEMENT;
        continue;
      }
      boolean three = lead == THREE_BYTES && i < to && isJis(in[i] & 0xFF);
      if (three) {
        lead = in[i++] & 0xFF;
      }
      if (i == to) {
        out[length++] = REPLACEMENT;
        continue;
      }
      int trail = in[i] & 0xFF;
      int codePoint = codePoint(three ? jis0212 : jis0208, lead, trail);
      out[length++] = codePoint == EncodingIndexes.NONE ? REPLACEMENT : (char) codePoint;
      i += codePoint == EncodingIndexes.NONE && trail < 0x80 ? 0 : 1;
    }
    return length;
  }

  private static int codePoint(int[] index, int lead, int trail) {
    if (lead == KATAKANA && trail >= 0xA1 && trail <= 0xDF) {
      return 0xFF61 - 0xA1 + trail;
    }
    return isJis(lead) && isJis(trail)
        ? EncodingIndexes.codePoint(index, (lead - 0xA1) * 94 + trail - 0xA1)
        : EncodingIndexes.NONE;
  }

  private static boolean isJis(int b) {
    return b >= 0xA1 && b <= 0xFE;
  }
}
