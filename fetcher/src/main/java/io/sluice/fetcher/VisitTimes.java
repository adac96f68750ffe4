package io.sluice.fetcher;

import java.time.Instant;

/**
 * When a visit ended and how long it took. Immutable.
 *
 * @param endedAt when the response ended, or the attempt was given up
 * @param millis from the lease until then
 */
record VisitTimes(Instant endedAt, long millis) {}
