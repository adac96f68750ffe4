package io.sluice.parser.scan;

/**
 * A run of text in the data state (HTML standard, 13.2.5.1): it ends at {@code <}, {@code &} or
 * U+0000, one of which follows every page. Thread-safe: stateless.
 */
public final class TextRun {

  /** A bit for each character that ends a run of text. */
  private static final long ENDS = 1L | (1L << '&') | (1L << '<');

  private TextRun() {}

  /**
   * The end of a run of text.
   *
   * @param buffer contains a character that ends a run, at {@code from} or later
   */
  public static int end(char[] buffer, int from) {
    int at = from;
    while (!ends(buffer[at])) {
      at++;
    }
    return at;
  }

  /** Tests without a branch: one that depends on the letter is mispredicted at each word. */
  private static boolean ends(char c) {
    long below = (long) (c - Long.SIZE) >>> (Long.SIZE - 1);
    return ((ENDS >>> c) & below) != 0;
  }
}
