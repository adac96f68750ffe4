package io.sluice.core.coding;

import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/**
 * The {@code deflate} coding: zlib (RFC 1950) as the standard says, or raw deflate (RFC 1951) as
 * some servers send. Confined to its owner's thread; borrows its inflaters.
 */
final class DeflateCoding implements Coding {

  private final Inflater zlib;
  private final Inflater raw;

  DeflateCoding(Inflater zlib, Inflater raw) {
    this.zlib = zlib;
    this.raw = raw;
  }

  @Override
  public @Nullable Damage inflate(byte[] coded, int size, BoundedBytes out) {
    if (!hasZlibHeader(coded, size)) {
      return Inflating.run(raw, coded, 0, size, out);
    }
    Damage damage = Inflating.run(zlib, coded, 0, size, out);
    if (damage == Damage.CORRUPT && out.size() == 0) { // raw data that looks like a header
      out.clear();
      return Inflating.run(raw, coded, 0, size, out);
    }
    return damage;
  }

  private static boolean hasZlibHeader(byte[] bytes, int size) {
    return size >= 2
        && (bytes[0] & 0x0f) == 8
        && ((bytes[0] & 0xff) << 8 | (bytes[1] & 0xff)) % 31 == 0;
  }
}
