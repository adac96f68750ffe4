package io.sluice.core.lifecycle;

import java.util.List;

/**
 * What became of the leases that this process issued or inherited. Immutable.
 *
 * @param leased how many were out in this process's time
 * @param done ended as done
 * @param retried ended as to be visited again
 * @param givenBack ended as if nothing had happened
 * @param outstanding in Redis still, or owed an outcome: a resting state
 * @param forced those cut by the stop, their request or the way of their page to Redis: no other
 *     URL is fetched again; the first {@value #MAX_LISTED}
 * @param forcedCount how many there are of those
 */
public record LeaseSums(
    long leased,
    long done,
    long retried,
    long givenBack,
    long outstanding,
    List<ForcedLease> forced,
    int forcedCount) {

  /** How many forced leases a report lists at most. */
  public static final int MAX_LISTED = 1000;

  /** No lease was ever out: a process that issues none. */
  public static final LeaseSums NONE = new LeaseSums(0, 0, 0, 0, 0, List.of(), 0);

  public LeaseSums {
    forced = forced.stream().limit(MAX_LISTED).toList();
  }

  /** Whether every lease is accounted for. */
  public boolean balanced() {
    return leased == done + retried + givenBack + outstanding;
  }

  /**
   * A lease that the stop cut.
   *
   * @param id the lease's text form
   * @param url the URL that may repeat
   */
  public record ForcedLease(String id, String url) {}
}
