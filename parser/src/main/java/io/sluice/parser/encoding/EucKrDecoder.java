package io.sluice.parser.encoding;

/** Decodes EUC-KR (Encoding Standard, 13.1.1). Immutable. */
final class EucKrDecoder implements Decoder {

  private final int[] index = EncodingIndexes.of("euc-kr");

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
      if (lead == 0x80 || lead == 0xFF || i == to) {
        out[length++] = REPLACEMENT;
      } else {
        int trail = in[i] & 0xFF;
        int codePoint =
            trail >= 0x41 && trail <= 0xFE
                ? EncodingIndexes.codePoint(index, (lead - 0x81) * 190 + trail - 0x41)
                : EncodingIndexes.NONE;
        out[length++] = codePoint == EncodingIndexes.NONE ? REPLACEMENT : (char) codePoint;
        i += codePoint == EncodingIndexes.NONE && trail < 0x80 ? 0 : 1;
      }
    }
    return length;
  }
}
