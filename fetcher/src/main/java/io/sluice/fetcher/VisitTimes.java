package io.sluice.fetcher;

import java.time.Instant;

/**
 * When a visit ended and how long it took. Immutable.
 *
 * @param endedAt when the response ended, or the attempt was given up
 * @param millis milliseconds from the lease until {@code endedAt}
 */
record VisitTimes(Instant endedAt, long millis) {}
