package io.sluice.parser.encoding;

import io.sluice.core.url.QueryEncoder;
import java.io.ByteArrayOutputStream;
import org.jspecify.annotations.Nullable;

/** Encodes into one byte per character (Encoding Standard, 9 and 14.5). Immutable. */
final class SingleByteEncoder implements QueryEncoder {

  /** Pointers by code point, each a byte minus 0x80; null for x-user-defined. */
  private final @Nullable ReverseIndex index;

  SingleByteEncoder(@Nullable ReverseIndex index) {
    this.index = index;
  }

  static SingleByteEncoder userDefined() {
    return new SingleByteEncoder(null);
  }

  @Override
  public int encode(int codePoint, ByteArrayOutputStream to) {
    if (codePoint < 0x80) {
      to.write(codePoint);
      return ENCODED;
    }
    int pointer = pointer(codePoint);
    if (pointer < 0) {
      return codePoint;
    }
    to.write(0x80 + pointer);
    return ENCODED;
  }

  private int pointer(int codePoint) {
    if (index != null) {
      return index.first(codePoint);
    }
    return codePoint >= 0xF780 && codePoint <= 0xF7FF ? codePoint - 0xF780 : -1;
  }
}
