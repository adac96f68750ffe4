package io.sluice.parser.encoding;

import io.sluice.core.url.QueryEncoder;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;

/**
 * Encodes into ISO-2022-JP (Encoding Standard, 12.2.2), with the escape sequences that switch
 * between its sets. Confined to its user's thread.
 */
final class Iso2022JpEncoder implements QueryEncoder {

  /** The sets, each with the escape sequence that switches to it. */
  private enum Charset {
    ASCII("(B"),
    ROMAN("(J"),
    JIS_0208("$B");

    private final String escape;

    Charset(String chosenBy) {
      this.escape = "\u001B" + chosenBy;
    }
  }

  private final ReverseIndex index;
  private Charset state = Charset.ASCII;

  Iso2022JpEncoder(ReverseIndex index) {
    this.index = index;
  }

  @Override
  public int encode(int codePoint, ByteArrayOutputStream to) {
    if (state != Charset.JIS_0208 && isShift(codePoint)) {
      return 0xFFFD; // it would be taken for an escape sequence
    }
    int roman = Japanese.single(codePoint);
    if (codePoint < 0x80) {
      boolean same = state == Charset.ASCII || (state == Charset.ROMAN && !isRomanOnly(codePoint));
      if (!same) {
        enter(Charset.ASCII, to);
        return encode(codePoint, to);
      }
      to.write(codePoint);
      return ENCODED;
    }
    if (roman >= 0) {
      enter(Charset.ROMAN, to);
      to.write(roman);
      return ENCODED;
    }
    int pointer = index.first(fullWidth(Japanese.minus(codePoint)));
    if (pointer < 0) {
      if (state == Charset.JIS_0208) {
        enter(Charset.ASCII, to);
      }
      return codePoint;
    }
    enter(Charset.JIS_0208, to);
    to.write(pointer / 94 + 0x21);
    to.write(pointer % 94 + 0x21);
    return ENCODED;
  }

  @Override
  public void end(ByteArrayOutputStream to) {
    enter(Charset.ASCII, to);
  }

  private void enter(Charset wanted, ByteArrayOutputStream to) {
    if (state != wanted) {
      state = wanted;
      to.writeBytes(wanted.escape.getBytes(StandardCharsets.US_ASCII));
    }
  }

  private static boolean isShift(int codePoint) {
    return codePoint == 0x0E || codePoint == 0x0F || codePoint == 0x1B;
  }

  /** Whether the Roman set assigns another character to the byte of an ASCII one. */
  private static boolean isRomanOnly(int codePoint) {
    return codePoint == 0x5C || codePoint == 0x7E;
  }

  /** The standard's index ISO-2022-JP katakana: the full-width form of a half-width character. */
  private static int fullWidth(int codePoint) {
    if (!Japanese.isHalfKatakana(codePoint)) {
      return codePoint;
    }
    return switch (codePoint) {
      case 0xFF9E -> 0x309B; // the standalone sound marks, not the combining ones
      case 0xFF9F -> 0x309C;
      default ->
          Normalizer.normalize(Character.toString(codePoint), Normalizer.Form.NFKC).codePointAt(0);
    };
  }
}
