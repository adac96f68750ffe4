package io.sluice.parser.decode;

import org.jspecify.annotations.Nullable;

/** A content coding (RFC 9110, 8.4.1) that can be taken off. */
interface Coding {

  /**
   * Inflates the first {@code size} bytes of {@code coded} into {@code out}, until the coding ends,
   * the data ends or {@code out} is full.
   *
   * @return what was wrong; null when nothing was
   */
  @Nullable Damage inflate(byte[] coded, int size, BoundedBytes out);
}
