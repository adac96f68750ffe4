package io.sluice.core.config;

import java.time.Duration;

/**
 * How a stop proceeds. Immutable.
 *
 * @param deadline what has begun may take this long to end after SIGTERM
 */
public record ShutdownSettings(Duration deadline) {
  private static final Duration LEAST_STEP = Duration.ofSeconds(5);

  /**
   * How long any one call of the stop may take beside the drain, the checkpoint of the frontier
   * among them: half the deadline, five seconds at least.
   */
  public Duration stepBound() {
    Duration half = deadline.dividedBy(2);
    return half.compareTo(LEAST_STEP) > 0 ? half : LEAST_STEP;
  }
}
