package io.sluice.core.redis;

import java.time.Duration;

/**
 * The holder of an exclusive connection. Immutable.
 *
 * @param name a short fixed word: {@code page-appender}
 * @param age how long it has had the connection
 * @param forLife whether the connection is meant to be kept for the life of the process
 */
public record Holder(String name, Duration age, boolean forLife) {}
