package io.sluice.core.url;

/**
 * A set of ASCII characters, one bit each. Immutable.
 *
 * @param low the bits of U+0000 to U+003F
 * @param high the bits of U+0040 to U+007F
 */
record AsciiSet(long low, long high) {

  /** U+0000 to U+001F and U+007F. */
  static final AsciiSet CONTROLS = new AsciiSet(0xFFFF_FFFFL, 1L << 63);

  static final AsciiSet DIGITS = new AsciiSet(0, 0).with("0123456789");

  static final AsciiSet LETTERS =
      new AsciiSet(0, 0).with("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ");

  /** The characters that may follow the first letter of a scheme. */
  static final AsciiSet SCHEME = LETTERS.or(DIGITS).with("+-.");

  /**
   * The characters that a decoded host must not contain: the standard's "forbidden domain code
   * points".
   */
  static final AsciiSet FORBIDDEN_IN_DOMAIN = CONTROLS.with(" #/:<>?@[\\]^|%");

  /** This set and the given characters. */
  AsciiSet with(String characters) {
    long newLow = low;
    long newHigh = high;
    for (int i = 0; i < characters.length(); i++) {
      char c = characters.charAt(i);
      if (c < 64) {
        newLow |= 1L << c;
      } else {
        newHigh |= 1L << (c - 64);
      }
    }
    return new AsciiSet(newLow, newHigh);
  }

  AsciiSet or(AsciiSet other) {
    return new AsciiSet(low | other.low, high | other.high);
  }

  /** Whether it contains the character; false for non-ASCII ones. */
  boolean contains(char c) {
    return c < 128 && ((c < 64 ? low : high) >>> c & 1) != 0;
  }
}
