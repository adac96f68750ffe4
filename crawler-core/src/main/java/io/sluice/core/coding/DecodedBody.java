package io.sluice.core.coding;

import org.jspecify.annotations.Nullable;

/**
 * A body without its content codings. The bytes belong to the decoder and are valid until its next
 * call; read only. Confined to the decoder's thread.
 */
public final class DecodedBody {

  private final byte[] bytes;
  private final int size;
  private final boolean cut;
  private final @Nullable Damage damage;

  /** Shares the array, whose first {@code size} bytes are the content. */
  public DecodedBody(byte[] bytes, int size, boolean cut, @Nullable Damage damage) {
    this.bytes = bytes;
    this.size = size;
    this.cut = cut;
    this.damage = damage;
  }

  /** An array whose first {@link #size} bytes are the content. */
  public byte[] bytes() {
    return bytes;
  }

  /** The number of bytes. */
  public int size() {
    return size;
  }

  /** Whether it begins as text does: without a binary data byte (MIME Sniffing, 3). */
  public boolean isText() {
    return Signatures.text(bytes, size);
  }

  /** Whether the body exceeded the bound, so that the rest was dropped. */
  public boolean cut() {
    return cut;
  }

  /** What was wrong with the coding; null if nothing was. */
  public @Nullable Damage damage() {
    return damage;
  }
}
