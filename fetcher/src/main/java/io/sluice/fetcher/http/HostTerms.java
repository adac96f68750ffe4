package io.sluice.fetcher.http;

import io.sluice.core.lease.Lease;
import io.sluice.core.lease.VisitKind;
import java.time.Duration;

/**
 * What a visit may expect of its host, and how long it waits for the host: the same for every
 * request of the visit. Immutable.
 *
 * @param ignoreNegative whether the host's name is looked up even if it is cached as nonexistent
 * @param kind the kind of visit: lookups of proven hosts have precedence
 * @param firstByteNanos maximum time from the start of a request to the first byte of its response,
 *     including lookup and connection, but not waits for our own limits; after that, maximum time
 *     for each stretch of the response ({@link FirstPace}); {@link Long#MAX_VALUE} if only the
 *     timeouts of the phases apply
 */
public record HostTerms(boolean ignoreNegative, VisitKind kind, long firstByteNanos) {

  /** The terms for a healthy host. */
  public static final HostTerms PROVEN = new HostTerms(false, VisitKind.PROVEN, Long.MAX_VALUE);

  /** The terms of a lease. */
  public static HostTerms of(Lease lease) {
    Lease.Terms terms = lease.terms();
    Duration firstByte = terms.firstByte();
    return new HostTerms(
        terms.probe(), terms.kind(), firstByte == null ? Long.MAX_VALUE : firstByte.toNanos());
  }

  /** The terms for another host that a redirect leads to. */
  public HostTerms elsewhere() {
    return new HostTerms(false, kind, firstByteNanos);
  }
}
