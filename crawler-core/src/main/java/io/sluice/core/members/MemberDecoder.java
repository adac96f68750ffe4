package io.sluice.core.members;

import java.io.IOException;

/** Reads members of one kind from a window. Confined to its reader's thread. */
interface MemberDecoder extends AutoCloseable {

  /**
   * Begins a member whose first two bytes, which identify its format, have already been taken.
   *
   * @throws IOException if it is damaged, or the file ends within it
   */
  void begin() throws IOException;

  /**
   * Reads the member's content; -1 at its end, where the window is then positioned.
   *
   * @throws IOException if it is damaged, or the file ends within it
   */
  int read(byte[] into, int from, int count) throws IOException;

  /** Frees the decoder's memory; the window stays open. */
  @Override
  void close() throws IOException;
}
