package io.sluice.core.lifecycle;

import org.jspecify.annotations.Nullable;

/** Keeps the first of several failures, the later ones suppressed in it. Stateless. */
final class Failures {

  private Failures() {}

  /**
   * Adds a failure to those before.
   *
   * @param first the failure kept so far; null if there was none
   * @return the failure to keep
   */
  @SuppressWarnings(
      "ReferenceEquality") // Two equal failures are two; only itself it cannot suppress.
  static Throwable keep(@Nullable Throwable first, Throwable later) {
    if (first == null) {
      return later;
    }
    if (first != later) {
      first.addSuppressed(later);
    }
    return first;
  }
}
