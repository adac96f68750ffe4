package io.sluice.core.metrics;

/** Who can say how a part, or the process, fares. */
@FunctionalInterface
public interface StatusSource {

  /**
   * The status now. Called on the admin server's threads: must be thread-safe and return at once.
   */
  Status status();
}
