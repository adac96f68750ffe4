package io.sluice.core.url;

import java.io.ByteArrayOutputStream;

/**
 * Encodes queries in an encoding other than UTF-8, for the links of a page in that encoding (URL
 * standard, 1.3, "percent-encode after encoding"). It may have a state, which {@link #end} resets.
 * Confined to its user's thread.
 */
public interface QueryEncoder {

  /** What {@link #encode} returns for a code point that the encoding has. */
  int ENCODED = -1;

  /**
   * Appends the bytes of a code point.
   *
   * @return {@link #ENCODED}; or, if the encoding lacks it, the code point that the query contains
   *     instead, as {@code &#N;}
   */
  int encode(int codePoint, ByteArrayOutputStream to);

  /** Appends what must end a query; the next code point begins another query. */
  default void end(ByteArrayOutputStream to) {}
}
