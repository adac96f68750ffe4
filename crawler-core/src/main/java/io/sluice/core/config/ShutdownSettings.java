package io.sluice.core.config;

import java.time.Duration;

/**
 * How a stop proceeds. Immutable.
 *
 * @param deadline maximum time after SIGTERM for work in progress to end
 */
public record ShutdownSettings(Duration deadline) {
  private static final Duration LEAST_STEP = Duration.ofSeconds(5);

  /**
   * How long any single call of the stop may take, apart from the drain: half the deadline, at
   * least five seconds. The frontier's last checkpoint is such a call.
   */
  public Duration stepBound() {
    Duration half = deadline.dividedBy(2);
    return half.compareTo(LEAST_STEP) > 0 ? half : LEAST_STEP;
  }
}
