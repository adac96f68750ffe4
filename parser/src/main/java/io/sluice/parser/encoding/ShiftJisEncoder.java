package io.sluice.parser.encoding;

import io.sluice.core.url.QueryEncoder;
import java.io.ByteArrayOutputStream;

/** Encodes into Shift_JIS (Encoding Standard, 12.3.2). Immutable. */
final class ShiftJisEncoder implements QueryEncoder {

  private final ReverseIndex index;

  ShiftJisEncoder(ReverseIndex index) {
    this.index = index;
  }

  @Override
  public int encode(int codePoint, ByteArrayOutputStream to) {
    int single = codePoint == 0x80 ? codePoint : Japanese.single(codePoint);
    if (single >= 0) {
      to.write(single);
      return ENCODED;
    }
    if (Japanese.isHalfKatakana(codePoint)) {
      to.write(codePoint - Japanese.HALF_KATAKANA + 0xA1);
      return ENCODED;
    }
    int pointer = index.first(Japanese.minus(codePoint));
    if (pointer < 0) {
      return codePoint;
    }
    int lead = pointer / 188;
    int trail = pointer % 188;
    to.write(lead + (lead < 0x1F ? 0x81 : 0xC1));
    to.write(trail + (trail < 0x3F ? 0x40 : 0x41));
    return ENCODED;
  }
}
