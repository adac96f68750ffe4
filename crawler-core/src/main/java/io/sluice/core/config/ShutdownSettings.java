package io.sluice.core.config;

import java.time.Duration;

/**
 * How a stop proceeds. Immutable.
 *
 * @param deadline what has begun may take this long to end after SIGTERM
 */
public record ShutdownSettings(Duration deadline) {}
