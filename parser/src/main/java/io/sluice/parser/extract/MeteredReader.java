package io.sluice.parser.extract;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.io.Reader;
import java.io.StringReader;
import java.lang.management.ManagementFactory;

/**
 * Passes a page's text to a parser, and ends it early once the parser has allocated as much memory
 * as its tree may take. The size of a tree cannot be predicted from its text: an element of three
 * characters takes fifty times as much memory, and one in which other elements are reopened takes a
 * thousand times as much. Allocated memory is an upper bound of held memory and is cheap to query;
 * it is checked at each read of a few thousand characters.
 *
 * <p>Confined to the thread that parses.
 */
final class MeteredReader extends Reader {

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private final StringReader text;
  private final long endBytes;
  private boolean cut;

  /**
   * @param maxBytes how much the calling thread may allocate before the text is cut
   */
  MeteredReader(String text, long maxBytes) {
    this.text = new StringReader(text);
    this.endBytes = THREADS.getCurrentThreadAllocatedBytes() + maxBytes;
  }

  @Override
  public int read(char[] into, int from, int length) throws IOException {
    if (cut || THREADS.getCurrentThreadAllocatedBytes() - endBytes > 0) {
      cut = true;
      return -1;
    }
    return text.read(into, from, length);
  }

  /** Whether the text ended early. */
  boolean cut() {
    return cut;
  }

  @Override
  public void close() {
    text.close();
  }
}
