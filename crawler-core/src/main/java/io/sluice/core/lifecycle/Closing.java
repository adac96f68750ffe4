package io.sluice.core.lifecycle;

import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Closes several resources; the first failure is kept, and later ones are suppressed in it.
 * Stateless.
 */
public final class Closing {

  private Closing() {}

  /**
   * Closes all of the given resources, even if one fails.
   *
   * @throws IOException the first failure; further ones are suppressed
   */
  public static void all(List<? extends Closeable> open) throws IOException {
    IOException first = null;
    for (Closeable one : open) {
      try {
        one.close();
      } catch (IOException e) {
        first = keep(first, e);
      }
    }
    if (first != null) {
      throw first;
    }
  }

  /**
   * Closes all of the given resources because of a failure, in which further failures are
   * suppressed.
   */
  public static void after(Throwable cause, List<? extends Closeable> open) {
    for (Closeable one : open) {
      try {
        one.close();
      } catch (IOException e) {
        var _ = keep(cause, e);
      }
    }
  }

  /**
   * Adds a failure to those before.
   *
   * @param first the failure kept so far; null if there was none
   * @return the failure to keep
   */
  @SuppressWarnings(
      "ReferenceEquality") // Equal failures are kept apart; only a failure that is the first itself
  // cannot be suppressed in it.
  static <T extends Throwable> T keep(@Nullable T first, T later) {
    if (first == null) {
      return later;
    }
    if (first != later) {
      first.addSuppressed(later);
    }
    return first;
  }
}
