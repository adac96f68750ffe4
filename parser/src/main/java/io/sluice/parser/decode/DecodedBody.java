package io.sluice.parser.decode;

import org.jspecify.annotations.Nullable;

/**
 * A body without its content codings. The bytes belong to the decoder and hold until its next call:
 * read only. Confined to the decoder's thread.
 */
public final class DecodedBody {

  private final byte[] bytes;
  private final int size;
  private final boolean cut;
  private final @Nullable Damage damage;

  DecodedBody(byte[] bytes, int size, boolean cut, @Nullable Damage damage) {
    this.bytes = bytes;
    this.size = size;
    this.cut = cut;
    this.damage = damage;
  }

  /** An array whose first {@link #size} bytes are the content. */
  public byte[] bytes() {
    return bytes;
  }

  /** How many bytes. */
  public int size() {
    return size;
  }

  /** Whether more than the bound came out and was left away. */
  public boolean cut() {
    return cut;
  }

  /** What was wrong with the coding; null when nothing was. */
  public @Nullable Damage damage() {
    return damage;
  }
}
