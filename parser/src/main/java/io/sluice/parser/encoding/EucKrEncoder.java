package io.sluice.parser.encoding;

import io.sluice.core.url.QueryEncoder;
import java.io.ByteArrayOutputStream;

/** Encodes into EUC-KR (Encoding Standard, 13.1.2). Immutable. */
final class EucKrEncoder implements QueryEncoder {

  private final ReverseIndex index;

  EucKrEncoder(ReverseIndex index) {
    this.index = index;
  }

  @Override
  public int encode(int codePoint, ByteArrayOutputStream to) {
    if (codePoint < 0x80) {
      to.write(codePoint);
      return ENCODED;
    }
    int pointer = index.first(codePoint);
    if (pointer < 0) {
      return codePoint;
    }
    to.write(pointer / 190 + 0x81);
    to.write(pointer % 190 + 0x41);
    return ENCODED;
  }
}
