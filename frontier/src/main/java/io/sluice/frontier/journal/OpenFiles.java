package io.sluice.frontier.journal;

import java.io.Closeable;
import java.io.IOException;
import java.util.List;

/** Several open files that have one end. Stateless. */
public final class OpenFiles {

  private OpenFiles() {}

  /**
   * Closes all, also if one fails.
   *
   * @throws IOException the first failure; further ones are suppressed
   */
  public static void closeAll(List<? extends Closeable> open) throws IOException {
    IOException first = null;
    for (Closeable file : open) {
      try {
        file.close();
      } catch (IOException e) {
        if (first == null) {
          first = e;
        } else {
          first.addSuppressed(e);
        }
      }
    }
    if (first != null) {
      throw first;
    }
  }
}
