package io.sluice.core.coding;

import java.util.zip.CRC32;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/**
 * The {@code gzip} coding (RFC 1952), any number of members; bytes after the last one are ignored.
 * Confined to its owner's thread; borrows its inflater.
 */
final class GzipCoding implements Coding {

  private static final int HEADER = 10;
  private static final int TRAILER = 8;
  private static final int HEADER_CRC = 2;
  private static final int EXTRA = 4;
  private static final int NAME = 8;
  private static final int COMMENT = 16;

  private final Inflater inflater;
  private final CRC32 crc = new CRC32();

  /**
   * @param inflater an inflater of raw deflate data ({@code nowrap})
   */
  GzipCoding(Inflater inflater) {
    this.inflater = inflater;
  }

  @Override
  public @Nullable Damage inflate(byte[] coded, int size, BoundedBytes out) {
    int at = 0;
    while (startsMember(coded, at, size) && !out.cut()) {
      int data = afterHeader(coded, at, size);
      if (data < 0) {
        return Damage.TRUNCATED;
      }
      int start = out.end();
      Damage damage = Inflating.run(inflater, coded, data, size - data, out);
      if (damage != null || out.cut()) {
        return damage;
      }
      int trailer = data + (int) inflater.getBytesRead();
      if (size - trailer < TRAILER) {
        return Damage.TRUNCATED;
      }
      crc.reset();
      crc.update(out.array(), start, out.end() - start);
      if (littleEndian(coded, trailer) != (int) crc.getValue()) {
        return Damage.CORRUPT;
      }
      at = trailer + TRAILER;
    }
    return null;
  }

  private static boolean startsMember(byte[] bytes, int at, int size) {
    return size - at >= 2 && bytes[at] == 0x1f && bytes[at + 1] == (byte) 0x8b;
  }

  /** Where a member's deflate data begins; -1 if the header is incomplete. */
  private static int afterHeader(byte[] bytes, int at, int size) {
    if (size - at < HEADER) {
      return -1;
    }
    int flags = bytes[at + 3];
    int data = at + HEADER;
    if ((flags & EXTRA) != 0) {
      if (size - data < 2) {
        return -1;
      }
      data += 2 + (bytes[data] & 0xff) + ((bytes[data + 1] & 0xff) << 8);
    }
    if ((flags & NAME) != 0) {
      data = afterZero(bytes, data, size);
    }
    if ((flags & COMMENT) != 0 && data >= 0) {
      data = afterZero(bytes, data, size);
    }
    if ((flags & HEADER_CRC) != 0 && data >= 0) {
      data += 2;
    }
    return data > size ? -1 : data;
  }

  private static int afterZero(byte[] bytes, int from, int size) {
    for (int i = from; i < size; i++) {
      if (bytes[i] == 0) {
        return i + 1;
      }
    }
    return -1;
  }

  private static int littleEndian(byte[] bytes, int at) {
    return (bytes[at] & 0xff)
        | (bytes[at + 1] & 0xff) << 8
        | (bytes[at + 2] & 0xff) << 16
        | (bytes[at + 3] & 0xff) << 24;
  }
}
