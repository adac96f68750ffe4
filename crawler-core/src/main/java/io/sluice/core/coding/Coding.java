package io.sluice.core.coding;

import org.jspecify.annotations.Nullable;

/** A content coding (RFC 9110, 8.4.1) that can be decoded. */
interface Coding {

  /**
   * Inflates the first {@code size} bytes of {@code coded} into {@code out}, until the coding ends,
   * the data ends or {@code out} is full.
   *
   * @return the damage found; null if none was
   */
  @Nullable Damage inflate(byte[] coded, int size, BoundedBytes out);
}
