package io.sluice.parser.encoding;

import io.sluice.core.url.QueryEncoder;
import java.io.ByteArrayOutputStream;

/** Encodes into Big5 (Encoding Standard, 11.1.2). Immutable. */
final class Big5Encoder implements QueryEncoder {

  /** Characters that are in the index twice; the last entry counts. */
  private static final String BY_LAST = "\u2550\u255E\u2561\u256A\u5341\u5345";

  private final ReverseIndex index;

  Big5Encoder(ReverseIndex index) {
    this.index = index;
  }

  @Override
  public int encode(int codePoint, ByteArrayOutputStream to) {
    if (codePoint < 0x80) {
      to.write(codePoint);
      return ENCODED;
    }
    int pointer = BY_LAST.indexOf(codePoint) >= 0 ? index.last(codePoint) : index.first(codePoint);
    if (pointer < 0) {
      return codePoint;
    }
    int trail = pointer % 157;
    to.write(pointer / 157 + 0x81);
    to.write(trail + (trail < 0x3F ? 0x40 : 0x62));
    return ENCODED;
  }
}
