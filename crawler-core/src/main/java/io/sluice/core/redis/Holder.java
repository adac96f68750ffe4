package io.sluice.core.redis;

import java.time.Duration;

/**
 * Who has a connection of the pool alone. Immutable.
 *
 * @param name a short fixed word: {@code page-appender}
 * @param age for how long
 * @param forLife whether it is meant to keep it as long as the process lives
 */
public record Holder(String name, Duration age, boolean forLife) {}
