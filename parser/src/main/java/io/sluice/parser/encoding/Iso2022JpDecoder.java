package io.sluice.parser.encoding;

import org.jspecify.annotations.Nullable;

/**
 * Decodes ISO-2022-JP (Encoding Standard, 12.2.1): escape sequences switch between sets of 7-bit
 * characters. Immutable; a text's state is its {@link Run}.
 */
final class Iso2022JpDecoder implements Decoder {

  private static final int ESCAPE = 0x1B;

  private final int[] index = EncodingIndexes.of("jis0208");

  /** The sets of characters that an escape sequence can choose. */
  private enum Charset {
    ASCII,
    ROMAN,
    KATAKANA,
    JIS_0208
  }

  @Override
  public int decode(byte[] in, int from, int to, char[] out) {
    return new Run(in, from, to, out).decode();
  }

  /** One text's decoding. */
  private final class Run {
    private final byte[] in;
    private final int to;
    private final char[] out;
    private int at;
    private int length;
    private Charset charset = Charset.ASCII;

    /**
     * Whether an escape sequence was the last thing read; a second one right after it is an error.
     */
    private boolean escaped;

    Run(byte[] in, int from, int to, char[] out) {
      this.in = in;
      this.at = from;
      this.to = to;
      this.out = out;
    }

    int decode() {
      while (at < to) {
        int b = in[at++] & 0xFF;
        if (b == ESCAPE) {
          escape();
        } else {
          escaped = false;
          switch (charset) {
            case ASCII -> put(isPlain(b) ? b : REPLACEMENT);
            case ROMAN -> put(roman(b));
            case KATAKANA -> put(b >= 0x21 && b <= 0x5F ? 0xFF61 - 0x21 + b : REPLACEMENT);
            case JIS_0208 -> jis0208(b);
          }
        }
      }
      return length;
    }

    /** Reads what follows an escape character. */
    private void escape() {
      Charset chosen = at + 1 < to ? chosen(in[at], in[at + 1]) : null;
      if (chosen == null) {
        escaped = false;
        put(REPLACEMENT);
        return;
      }
      at += 2;
      charset = chosen;
      if (escaped) {
        put(REPLACEMENT);
      }
      escaped = true;
    }

    private void jis0208(int lead) {
      if (lead < 0x21 || lead > 0x7E) {
        put(REPLACEMENT);
        return;
      }
      int trail = at < to ? in[at] & 0xFF : 0;
      if (trail == ESCAPE) {
        put(REPLACEMENT);
        return; // the escape sequence is read next
      }
      at += at < to ? 1 : 0;
      boolean valid = trail >= 0x21 && trail <= 0x7E;
      int codePoint =
          valid
              ? EncodingIndexes.codePoint(index, (lead - 0x21) * 94 + trail - 0x21)
              : EncodingIndexes.NONE;
      put(codePoint == EncodingIndexes.NONE ? REPLACEMENT : codePoint);
    }

    private void put(int character) {
      out[length++] = (char) character;
    }
  }

  private static @Nullable Charset chosen(byte first, byte second) {
    return switch (first << 8 | second) {
      case '(' << 8 | 'B' -> Charset.ASCII;
      case '(' << 8 | 'J' -> Charset.ROMAN;
      case '(' << 8 | 'I' -> Charset.KATAKANA;
      case '$' << 8 | '@', '$' << 8 | 'B' -> Charset.JIS_0208;
      default -> null;
    };
  }

  /**
   * Whether a byte stands for itself: ASCII, except for bytes that shift between sets elsewhere.
   */
  private static boolean isPlain(int b) {
    return b < 0x80 && b != 0x0E && b != 0x0F;
  }

  private static int roman(int b) {
    return switch (b) {
      case 0x5C -> 0xA5;
      case 0x7E -> 0x203E;
      default -> isPlain(b) ? b : REPLACEMENT;
    };
  }
}
