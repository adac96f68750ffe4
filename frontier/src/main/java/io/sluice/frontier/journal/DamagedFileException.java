package io.sluice.frontier.journal;

import java.io.IOException;
import java.nio.file.Path;

/**
 * A file does not contain the data that was durably written to it. The message is one line for the
 * operator.
 */
public final class DamagedFileException extends IOException {

  private static final long serialVersionUID = 1L;

  public DamagedFileException(String message) {
    super(message);
  }

  /**
   * @param offset the first byte that is wrong
   * @param what the kind of damage
   */
  public DamagedFileException(Path file, long offset, String what) {
    super(file + ": damaged at byte " + offset + ": " + what);
  }
}
