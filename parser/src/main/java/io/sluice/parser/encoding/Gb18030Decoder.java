package io.sluice.parser.encoding;

/** Decodes gb18030 and GBK (Encoding Standard, 10.1.1 and 10.2.1). Immutable. */
final class Gb18030Decoder implements Decoder {

  private final int[] index = EncodingIndexes.of("gb18030");
  private final int[] ranges = EncodingIndexes.of("gb18030-ranges");

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
      int first = in[i] & 0xFF;
      if (first == 0x80 || first == 0xFF) {
        out[length++] = first == 0x80 ? '\u20AC' : REPLACEMENT;
        i++;
      } else if (i + 1 == to) {
        out[length++] = REPLACEMENT;
        i++;
      } else if (isDigit(in[i + 1])) {
        int codePoint = fourBytes(in, i, to);
        length += put(codePoint, out, length);
        i = codePoint == EncodingIndexes.NONE ? afterBroken(in, i, to) : i + 4;
      } else {
        int codePoint = twoBytes(first, in[i + 1] & 0xFF);
        length += put(codePoint, out, length);
        i += codePoint == EncodingIndexes.NONE && in[i + 1] >= 0 ? 1 : 2;
      }
    }
    return length;
  }

  private int twoBytes(int first, int second) {
    boolean valid = (second >= 0x40 && second <= 0x7E) || (second >= 0x80 && second <= 0xFE);
    int offset = second < 0x7F ? 0x40 : 0x41;
    return valid
        ? EncodingIndexes.codePoint(index, (first - 0x81) * 190 + second - offset)
        : EncodingIndexes.NONE;
  }

  /** The code point of the four bytes from {@code i}, the second of which is a digit. */
  private int fourBytes(byte[] in, int i, int to) {
    if (i + 3 >= to || !isLead(in[i + 2]) || !isDigit(in[i + 3])) {
      return EncodingIndexes.NONE;
    }
    int pointer =
        (((in[i] & 0xFF) - 0x81) * 10 + in[i + 1] - 0x30) * 1260
            + ((in[i + 2] & 0xFF) - 0x81) * 10
            + in[i + 3]
            - 0x30;
    return rangesCodePoint(pointer);
  }

  /** The standard's "index gb18030 ranges code point". */
  private int rangesCodePoint(int pointer) {
    if ((pointer > 39_419 && pointer < 189_000) || pointer > 1_237_575) {
      return EncodingIndexes.NONE;
    }
    if (pointer == 7_457) {
      return 0xE7C7;
    }
    int low = 0;
    int high = ranges.length / 2 - 1;
    while (low < high) {
      int middle = (low + high + 1) >>> 1;
      if (ranges[2 * middle] <= pointer) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return ranges[2 * low + 1] + pointer - ranges[2 * low];
  }

  /**
   * Where reading continues after a broken four-byte character: after its lead byte, unless the
   * text ended within it or its pointer has no code point.
   */
  private static int afterBroken(byte[] in, int i, int to) {
    boolean whole = i + 3 < to && isLead(in[i + 2]) && isDigit(in[i + 3]);
    boolean ended = i + 2 >= to || (isLead(in[i + 2]) && i + 3 >= to);
    return whole ? i + 4 : ended ? to : i + 1;
  }

  private static int put(int codePoint, char[] out, int at) {
    if (Character.isBmpCodePoint(codePoint)) {
      out[at] = (char) codePoint;
      return 1;
    }
    return Character.toChars(codePoint == EncodingIndexes.NONE ? REPLACEMENT : codePoint, out, at);
  }

  private static boolean isDigit(byte b) {
    return b >= 0x30 && b <= 0x39;
  }

  private static boolean isLead(byte b) {
    return b < 0 && b != (byte) 0x80 && b != (byte) 0xFF;
  }
}
