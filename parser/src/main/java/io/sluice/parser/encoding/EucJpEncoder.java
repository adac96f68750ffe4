package io.sluice.parser.encoding;

import io.sluice.core.url.QueryEncoder;
import java.io.ByteArrayOutputStream;

/** Encodes into EUC-JP (Encoding Standard, 12.1.2). Immutable. */
final class EucJpEncoder implements QueryEncoder {

  private final ReverseIndex index;

  EucJpEncoder(ReverseIndex index) {
    this.index = index;
  }

  @Override
  public int encode(int codePoint, ByteArrayOutputStream to) {
    int single = Japanese.single(codePoint);
    if (single >= 0) {
      to.write(single);
      return ENCODED;
    }
    if (Japanese.isHalfKatakana(codePoint)) {
      to.write(0x8E);
      to.write(codePoint - Japanese.HALF_KATAKANA + 0xA1);
      return ENCODED;
    }
    int pointer = index.first(Japanese.minus(codePoint));
    if (pointer < 0) {
      return codePoint;
    }
    to.write(pointer / 94 + 0xA1);
    to.write(pointer % 94 + 0xA1);
    return ENCODED;
  }
}
