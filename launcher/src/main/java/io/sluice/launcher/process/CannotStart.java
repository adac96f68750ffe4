package io.sluice.launcher.process;

import java.util.List;

/**
 * Something that the user can mend keeps a command from starting. Its lines are all that the user
 * sees; the process exits 1. Immutable.
 */
public final class CannotStart extends Exception {

  private final List<String> lines;

  /** One line: what is wrong and what to do. */
  public CannotStart(String line) {
    this(List.of(line));
  }

  /** What a part that could not be opened said, in one line. */
  public static CannotStart because(Exception reason) {
    String said = reason.getMessage();
    return new CannotStart(said == null ? reason.toString() : said);
  }

  /** A line for each problem. */
  public CannotStart(List<String> lines) {
    super(String.join("; ", lines));
    this.lines = List.copyOf(lines);
  }

  /** What to tell the user, at least one line. */
  public List<String> lines() {
    return lines;
  }
}
