package io.sluice.parser.encoding;

/**
 * A decoder of the Encoding Standard with the error mode "replacement": malformed input becomes
 * U+FFFD, and an ASCII byte after a broken character stands for itself. Thread-safe: stateless.
 */
@FunctionalInterface
interface Decoder {

  /** Replaces malformed bytes. */
  char REPLACEMENT = '\uFFFD';

  /**
   * Decodes {@code in[from, to)}, a whole text.
   *
   * @param out has room for one character per byte; no decoder yields more
   * @return the number of characters written to {@code out}, from its start
   */
  int decode(byte[] in, int from, int to, char[] out);
}
