package io.sluice.parser.encoding;

/**
 * Decodes UTF-16 (Encoding Standard, 14.2). The JDK's decoder swallows the character after a lone
 * surrogate. Immutable.
 */
final class Utf16Decoder implements Decoder {

  private final boolean bigEndian;

  Utf16Decoder(boolean bigEndian) {
    this.bigEndian = bigEndian;
  }

  @Override
  public int decode(byte[] in, int from, int to, char[] out) {
    int length = 0;
    boolean afterLead = false;
    int i = from;
    for (; i + 1 < to; i += 2) {
      char unit = bigEndian ? unit(in[i], in[i + 1]) : unit(in[i + 1], in[i]);
      if (Character.isLowSurrogate(unit) && !afterLead) {
        unit = REPLACEMENT;
      } else if (afterLead && !Character.isLowSurrogate(unit)) {
        out[length - 1] = REPLACEMENT;
      }
      afterLead = Character.isHighSurrogate(unit);
      out[length++] = unit;
    }
    // A lead surrogate or a single byte at the end is one error; both together are also one.
    if (afterLead) {
      out[length - 1] = REPLACEMENT;
    } else if (i < to) {
      out[length++] = REPLACEMENT;
    }
    return length;
  }

  private static char unit(byte high, byte low) {
    return (char) ((high & 0xFF) << 8 | (low & 0xFF));
  }
}
