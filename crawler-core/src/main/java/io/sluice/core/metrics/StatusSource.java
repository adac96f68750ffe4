package io.sluice.core.metrics;

/** Describes the state of a part, or of the process. */
@FunctionalInterface
public interface StatusSource {

  /**
   * The status now. Called on the admin server's threads: must be thread-safe and return at once.
   */
  Status status();
}
