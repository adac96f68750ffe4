package io.sluice.launcher.process;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A message from a child to its supervisor: a marked line on the child's standard error, which the
 * supervisor reads in any case. Immutable.
 */
public sealed interface Notice {

  /**
   * The child received a signal that requests a stop. It continues until the supervisor orders it
   * to stop.
   *
   * @param signal the signal's name: {@code sigterm}
   */
  record Signalled(String signal) implements Notice {

    @Override
    public String line() {
      return MARK + SIGNALLED + signal;
    }
  }

  /**
   * The child's shutdown has begun.
   *
   * @param reason why the child stops
   */
  record Stopping(String reason) implements Notice {

    @Override
    public String line() {
      return MARK + STOPPING + reason;
    }
  }

  /**
   * The child's shutdown report did not fit in its usual place.
   *
   * @param file the file that was written instead; the supervisor deletes it
   */
  record Reported(Path file) implements Notice {

    @Override
    public String line() {
      return MARK + REPORTED + file;
    }
  }

  String MARK = "sluice-child: ";
  String SIGNALLED = "signalled ";
  String STOPPING = "stopping ";
  String REPORTED = "reported ";

  /** The notice as sent through the pipe, without a line terminator. */
  String line();

  /** Reads a line of standard error; empty if the line is not a notice. */
  static Optional<Notice> parse(String line) {
    if (!line.startsWith(MARK)) {
      return Optional.empty();
    }
    String text = line.substring(MARK.length());
    if (text.startsWith(SIGNALLED)) {
      return Optional.of(new Signalled(text.substring(SIGNALLED.length())));
    }
    if (text.startsWith(STOPPING)) {
      return Optional.of(new Stopping(text.substring(STOPPING.length())));
    }
    return text.startsWith(REPORTED) ? reported(text) : Optional.empty();
  }

  private static Optional<Notice> reported(String text) {
    try {
      return Optional.of(new Reported(Path.of(text.substring(REPORTED.length()))));
    } catch (InvalidPathException e) {
      return Optional.empty();
    }
  }
}
