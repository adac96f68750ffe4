package io.sluice.core.lifecycle;

import java.util.List;
import java.util.stream.Stream;

/**
 * How many leases this process issued or inherited, by how they ended. Immutable.
 *
 * @param leased number of leases that were out at any time while this process ran
 * @param done number of leases that ended for good
 * @param retried number of leases that ended with a further visit to come
 * @param givenBack number of leases that ended as if nothing had happened
 * @param outstanding number of leases whose page is in Redis or whose outcome is owed; they survive
 *     the process
 * @param forced leases that the stop cut short, in their request or before Redis had their page; no
 *     other URL is fetched again; the first {@value #MAX_LISTED}
 * @param forcedCount how many leases the stop cut short
 */
public record LeaseSums(
    long leased,
    long done,
    long retried,
    long givenBack,
    long outstanding,
    List<ForcedLease> forced,
    int forcedCount) {

  /** Maximum number of forced leases listed in a report. */
  public static final int MAX_LISTED = 1000;

  /** The sums of a process that issues no leases. */
  public static final LeaseSums NONE = new LeaseSums(0, 0, 0, 0, 0, List.of(), 0);

  public LeaseSums {
    forced = forced.stream().limit(MAX_LISTED).toList();
  }

  /** The sums of both. */
  public LeaseSums plus(LeaseSums other) {
    return new LeaseSums(
        leased + other.leased,
        done + other.done,
        retried + other.retried,
        givenBack + other.givenBack,
        outstanding + other.outstanding,
        Stream.concat(forced.stream(), other.forced.stream()).toList(),
        forcedCount + other.forcedCount);
  }

  /** Whether every lease is accounted for. */
  public boolean balanced() {
    return leased == done + retried + givenBack + outstanding;
  }

  /**
   * A lease that the stop cut short.
   *
   * @param id the lease's text form
   * @param url the URL that may repeat
   */
  public record ForcedLease(String id, String url) {}
}
