package io.sluice.launcher.progress;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The number of columns of the process's terminal. Runs {@code stty} to find it out, once and again
 * after each change, since the JDK cannot report it. Thread-safe.
 */
public final class TerminalWidth implements IntSupplier {

  /** The width that is assumed if a terminal does not report one. */
  static final int DEFAULT_COLUMNS = 80;

  private static final long PATIENCE_MILLIS = 500;
  private static final Pattern SIZE = Pattern.compile("\\d+ ([1-9]\\d{0,3})");

  private volatile boolean known;
  private volatile int columns = DEFAULT_COLUMNS;

  /**
   * Called when the terminal's size has changed; the width is asked for again when it is next
   * needed. Thread-safe.
   */
  public void changed() {
    known = false;
  }

  @Override
  public int getAsInt() {
    if (!known) {
      known = true; // set before asking, so that a change meanwhile is not missed
      columns = ask();
    }
    return columns;
  }

  private static int ask() {
    try {
      Process stty =
          new ProcessBuilder("stty", "size")
              .redirectInput(new File("/dev/tty"))
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      try {
        return stty.waitFor(PATIENCE_MILLIS, TimeUnit.MILLISECONDS)
            ? parse(new String(stty.getInputStream().readNBytes(64), StandardCharsets.US_ASCII))
            : DEFAULT_COLUMNS;
      } finally {
        stty.destroy();
        stty.getInputStream().close();
      }
    } catch (IOException e) {
      return DEFAULT_COLUMNS; // no terminal, or no stty
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return DEFAULT_COLUMNS;
    }
  }

  /**
   * Reads what {@code stty size} prints, rows and columns; a terminal without a width reports 0.
   */
  static int parse(String size) {
    Matcher matcher = SIZE.matcher(size.strip());
    return matcher.matches() ? Integer.parseInt(matcher.group(1)) : DEFAULT_COLUMNS;
  }
}
