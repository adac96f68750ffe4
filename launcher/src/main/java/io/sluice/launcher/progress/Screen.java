package io.sluice.launcher.progress;

import java.io.Console;
import java.io.PrintWriter;

/**
 * Where a command speaks to its user: lines that stay, and on a terminal one live line below them
 * that is rewritten. Thread-safe: every method holds this object's lock, and only while it prints.
 */
public final class Screen {

  /** Returns to the line's start and clears it (ECMA-48). */
  private static final String CLEAR_LINE = "\r\u001b[K";

  private static final int DEFAULT_COLUMNS = 120;

  private final PrintWriter out;
  private final PrintWriter err;
  private final boolean live;
  private boolean liveLineShown;

  /**
   * @param live whether {@code out} is a terminal that shows a live line
   */
  public Screen(PrintWriter out, PrintWriter err, boolean live) {
    this.out = out;
    this.err = err;
    this.live = live;
  }

  /** A screen on these streams, live when the process has a terminal. */
  @SuppressWarnings("SystemConsoleNull") // null with -Djdk.console=java.base, the default since 25
  public static Screen of(PrintWriter out, PrintWriter err) {
    Console console = System.console();
    return new Screen(out, err, console != null && console.isTerminal());
  }

  /** Whether {@link #live} shows anything. */
  public boolean isLive() {
    return live;
  }

  /** Prints a line that stays. */
  public synchronized void line(String text) {
    clear();
    out.println(text);
    out.flush();
  }

  /** Prints a line that stays, on standard error. */
  public synchronized void error(String text) {
    clear();
    err.println(text);
    err.flush();
  }

  /** Replaces the live line; does nothing where there is no terminal. */
  public synchronized void live(String text) {
    if (live) {
      out.print(CLEAR_LINE);
      out.print(text.length() < columns() ? text : text.substring(0, columns() - 1));
      out.flush();
      liveLineShown = true;
    }
  }

  /** Removes the live line. */
  public synchronized void clear() {
    if (liveLineShown) {
      out.print(CLEAR_LINE);
      out.flush();
      liveLineShown = false;
    }
  }

  private static int columns() {
    String columns = System.getenv("COLUMNS");
    return columns != null && columns.matches("[1-9][0-9]{1,3}")
        ? Integer.parseInt(columns)
        : DEFAULT_COLUMNS;
  }
}
