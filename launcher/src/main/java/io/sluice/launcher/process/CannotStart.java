package io.sluice.launcher.process;

import java.util.List;

/**
 * A problem that keeps a command from starting and that the user can fix. The user sees only its
 * lines; the process exits with status 1. Immutable.
 */
public final class CannotStart extends Exception {

  private final List<String> lines;

  /**
   * @param line what is wrong and what to do
   */
  public CannotStart(String line) {
    this(List.of(line));
  }

  /** Wraps the reason why a part could not be opened in one line. */
  public static CannotStart because(Exception reason) {
    String said = reason.getMessage();
    return new CannotStart(said == null ? reason.toString() : said);
  }

  /** Creates an exception with a line for each problem. */
  public CannotStart(List<String> lines) {
    super(String.join("; ", lines));
    this.lines = List.copyOf(lines);
  }

  /** The lines to show the user, at least one. */
  public List<String> lines() {
    return lines;
  }
}
