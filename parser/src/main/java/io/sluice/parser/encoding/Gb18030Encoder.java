package io.sluice.parser.encoding;

import io.sluice.core.url.QueryEncoder;
import java.io.ByteArrayOutputStream;

/** Encodes into gb18030 and GBK (Encoding Standard, 10.2.2). Immutable. */
final class Gb18030Encoder implements QueryEncoder {

  /** Private-use characters that index gb18030 had before GB 18030-2022, and their bytes. */
  private static final String FORMER =
      "\uE78D\uE78E\uE78F\uE790\uE791\uE792\uE793\uE794\uE795\uE796"
          + "\uE81E\uE826\uE82B\uE82C\uE832\uE843\uE854\uE864";

  private static final int[] FORMER_BYTES = {
    0xA6D9, 0xA6DA, 0xA6DB, 0xA6DC, 0xA6DD, 0xA6DE, 0xA6DF, 0xA6EC, 0xA6ED, 0xA6F3, 0xFE59, 0xFE61,
    0xFE66, 0xFE67, 0xFE6D, 0xFE7E, 0xFE90, 0xFEA0
  };

  private final ReverseIndex index;
  private final int[] ranges = EncodingIndexes.of("gb18030-ranges");
  private final boolean gbk;

  /**
   * @param gbk whether to encode into GBK: without four-byte characters, and with the euro sign as
   *     one byte
   */
  Gb18030Encoder(ReverseIndex index, boolean gbk) {
    this.index = index;
    this.gbk = gbk;
  }

  @Override
  public int encode(int codePoint, ByteArrayOutputStream to) {
    if (codePoint < 0x80) {
      to.write(codePoint);
      return ENCODED;
    }
    if (codePoint == 0xE5E5) {
      return codePoint;
    }
    if (gbk && codePoint == 0x20AC) {
      to.write(0x80);
      return ENCODED;
    }
    int former = FORMER.indexOf(codePoint);
    if (former >= 0) {
      to.write(FORMER_BYTES[former] >> 8);
      to.write(FORMER_BYTES[former] & 0xFF);
      return ENCODED;
    }
    int pointer = index.first(codePoint);
    if (pointer >= 0) {
      int trail = pointer % 190;
      to.write(pointer / 190 + 0x81);
      to.write(trail + (trail < 0x3F ? 0x40 : 0x41));
      return ENCODED;
    }
    if (gbk) {
      return codePoint;
    }
    fourBytes(rangesPointer(codePoint), to);
    return ENCODED;
  }

  /** The standard's "index gb18030 ranges pointer". */
  private int rangesPointer(int codePoint) {
    if (codePoint == 0xE7C7) {
      return 7_457;
    }
    int low = 0;
    int high = ranges.length / 2 - 1;
    while (low < high) {
      int middle = (low + high + 1) >>> 1;
      if (ranges[2 * middle + 1] <= codePoint) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return ranges[2 * low] + codePoint - ranges[2 * low + 1];
  }

  private static void fourBytes(int pointer, ByteArrayOutputStream to) {
    to.write(pointer / 12_600 + 0x81);
    to.write(pointer / 1_260 % 10 + 0x30);
    to.write(pointer / 10 % 126 + 0x81);
    to.write(pointer % 10 + 0x30);
  }
}
