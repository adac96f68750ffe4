package io.sluice.parser.encoding;

/** Decodes Big5 (Encoding Standard, 11.1.1). Immutable. */
final class Big5Decoder implements Decoder {

  private static final char MACRON = '\u0304';
  private static final char CARON = '\u030C';

  private final int[] index = EncodingIndexes.of("big5");

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
        int pointer = pointer(lead, trail);
        char accent = accent(pointer);
        if (accent != 0) {
          out[length++] = pointer <= 1135 ? '\u00CA' : '\u00EA';
          out[length++] = accent;
          i++;
          continue;
        }
        int codePoint = EncodingIndexes.codePoint(index, pointer);
        if (codePoint != EncodingIndexes.NONE) {
          length += Character.toChars(codePoint, out, length);
          i++;
        } else {
          out[length++] = REPLACEMENT;
          i += trail < 0x80 ? 0 : 1;
        }
      }
    }
    return length;
  }

  private static int pointer(int lead, int trail) {
    boolean valid = (trail >= 0x40 && trail <= 0x7E) || (trail >= 0xA1 && trail <= 0xFE);
    int offset = trail < 0x7F ? 0x40 : 0x62;
    return valid ? (lead - 0x81) * 157 + trail - offset : EncodingIndexes.NONE;
  }

  /** The combining character of the four pointers that stand for two characters; else 0. */
  private static char accent(int pointer) {
    return switch (pointer) {
      case 1133, 1164 -> MACRON;
      case 1135, 1166 -> CARON;
      default -> 0;
    };
  }
}
