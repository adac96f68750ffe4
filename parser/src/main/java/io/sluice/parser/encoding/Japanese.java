package io.sluice.parser.encoding;

/** Rules that the Japanese encoders share. Thread-safe: stateless. */
final class Japanese {

  /** The first half-width katakana character. */
  static final int HALF_KATAKANA = 0xFF61;

  private static final int LAST_HALF_KATAKANA = 0xFF9F;

  private Japanese() {}

  /** The byte of a code point that EUC-JP and Shift_JIS encode in one byte; -1 for others. */
  static int single(int codePoint) {
    return switch (codePoint) {
      case 0xA5 -> 0x5C;
      case 0x203E -> 0x7E;
      default -> codePoint < 0x80 ? codePoint : -1;
    };
  }

  static boolean isHalfKatakana(int codePoint) {
    return codePoint >= HALF_KATAKANA && codePoint <= LAST_HALF_KATAKANA;
  }

  /**
   * The code point to look up instead of another: the full-width hyphen stands for the minus sign.
   */
  static int minus(int codePoint) {
    return codePoint == 0x2212 ? 0xFF0D : codePoint;
  }
}
