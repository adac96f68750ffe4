package io.sluice.launcher.progress;

import java.io.PrintWriter;
import java.util.List;
import java.util.function.IntSupplier;

/**
 * How a command communicates with its user: permanent lines and, on a terminal, one live line below
 * them that is overwritten. Thread-safe: methods that print hold this object's lock while they
 * print.
 */
public final class Screen {

  /** Returns to the line's start and clears it (ECMA-48). */
  private static final String CLEAR_LINE = "\r\u001b[K";

  /** Minimum number of columns for a truncated part; a shorter one would be meaningless. */
  private static final int LEAST_PART = 16;

  /** Separates the parts of the live line. */
  static final String SEPARATOR = "  ";

  private final PrintWriter out;
  private final PrintWriter err;
  private final boolean live;
  private final IntSupplier columns;
  private boolean liveLineShown;

  /**
   * @param live whether {@code out} is a terminal that shows a live line
   * @param columns supplies the terminal's number of columns, before each live line
   */
  public Screen(PrintWriter out, PrintWriter err, boolean live, IntSupplier columns) {
    this.out = out;
    this.err = err;
    this.live = live;
    this.columns = columns;
  }

  /** Creates a screen without a terminal. */
  public Screen(PrintWriter out, PrintWriter err) {
    this(out, err, false, () -> TerminalWidth.DEFAULT_COLUMNS);
  }

  /** Whether {@link #live} shows anything. */
  public boolean isLive() {
    return live;
  }

  /** Prints a permanent line. */
  public synchronized void line(String text) {
    clear();
    out.println(text);
    out.flush();
  }

  /** Prints a permanent line to standard error. */
  public synchronized void error(String text) {
    clear();
    err.println(text);
    err.flush();
  }

  /**
   * Replaces the live line; does nothing without a terminal. Only the first parts that fit on one
   * line are shown, since a line that wraps could not be replaced.
   */
  public synchronized void live(List<String> parts) {
    if (live) {
      out.print(CLEAR_LINE);
      out.print(fit(parts, columns.getAsInt() - 1));
      out.flush();
      liveLineShown = true;
    }
  }

  private static String fit(List<String> parts, int width) {
    StringBuilder line = new StringBuilder();
    for (String part : parts) {
      String more = line.isEmpty() ? part : SEPARATOR + part;
      int room = width - line.length();
      if (more.length() > room) {
        line.append(room < LEAST_PART ? "" : cut(more, room - 1));
        break;
      }
      line.append(more);
    }
    return line.toString();
  }

  /** Truncates a part to {@code room} columns, at the end of a word if possible. */
  private static String cut(String part, int room) {
    int blank = part.charAt(room) == ' ' ? room : part.lastIndexOf(' ', room - 1);
    String whole = part.substring(0, Math.max(0, blank)).stripTrailing();
    return whole.isBlank() ? part.substring(0, room) + "…" : whole + "…";
  }

  /** Removes the live line. */
  public synchronized void clear() {
    if (liveLineShown) {
      out.print(CLEAR_LINE);
      out.flush();
      liveLineShown = false;
    }
  }
}
